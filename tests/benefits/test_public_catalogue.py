"""What everybody reads of benefits: search, guide, earlier and later versions, what is over."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from benefits.catalogue.drafting import end_version
from tests.benefits.county import BenefitCounty, ready

pytestmark = pytest.mark.django_db
WHOLE_PAGE = 100_000  # bytes, with its styles


@pytest.fixture
def county() -> BenefitCounty:
    return ready()


def text_of(address: str, status: int = 200) -> str:
    answer = Client().get(address)
    assert answer.status_code == status
    return answer.content.decode()


def weight(html: str) -> int:
    styles = re.findall(r'href="/static/([^"?]*\.css)', html)
    files = [
        Path(settings.BASE_DIR) / "static" / re.sub(r"\.[0-9a-f]{12}\.css$", ".css", one) for one in styles
    ]
    assert files
    return len(html.encode()) + sum(one.stat().st_size for one in files)


def test_a_firm_finds_what_is_for_its_like(county: BenefitCounty) -> None:
    """GY-R12, GY-R16: by words, initials, class, department and kind of firm; what is unknown stays."""
    small = ({"label": "size", "test": "one_of", "value": "小型、微型", "says": "小微企业"},)
    county.publish("HQ-002", name="小微企业贷款贴息", conditions=small, category="assessed")
    for asked, found in (
        ("", {"入规奖励", "贷款贴息"}),
        ("?q=贴息", {"贷款贴息"}),
        ("?q=首次入规 奖励", {"入规奖励"}),
        ("?q=dktx", {"贷款贴息"}),
        ("?q=hq-001", {"入规奖励"}),
        ("?category=assessed", {"贷款贴息"}),
        ("?size=大型", {"入规奖励"}),
        ("?size=微型", {"入规奖励", "贷款贴息"}),
        ("?size=微型&industry=建筑业", {"贷款贴息"}),
        (f"?unit={county.other_unit.pk}", set()),
        ("?q=没有的词", set()),
        ("?size=巨型&unit=x&page=99", {"入规奖励", "贷款贴息"}),
    ):
        html = text_of(f"/benefits/{asked}")
        assert {one for one in ("入规奖励", "贷款贴息") if f"{one}</a>" in html} == found, asked
    assert "请减少条件" in text_of("/benefits/?q=没有的词")
    answer = Client().get("/benefits/")
    assert set(answer["Cache-Control"].split(", ")) == {"max-age=300", "public"}
    assert not answer.cookies
    assert 'href="/benefits/"' in text_of("/")


def test_before_the_set_up_there_is_no_catalogue() -> None:
    assert "清单还没有公布" in text_of("/benefits/")


def test_a_full_page_stays_under_100_kb_and_asks_little(
    county: BenefitCounty, django_assert_max_num_queries: Any
) -> None:
    """GY-R12."""
    long = {"name": "测试" * 30, "standard": "奖励标准" * 200, "audience": "适用对象" * 60}
    for number in range(20):
        county.publish(f"HQ-1{number:02}", **long)
    with django_assert_max_num_queries(24):
        html = text_of("/benefits/")
    assert "共 21 项" in html
    assert "第 1 页，共 2 页" in html
    assert weight(html) < WHOLE_PAGE
    assert weight(text_of("/benefits/items/HQ-100/")) < WHOLE_PAGE


def test_a_guide_says_everything_and_the_limits_beside_each_other(county: BenefitCounty) -> None:
    """GY-R12: conditions, papers, steps, limits by the text and by the guide, contacts, the way to claim."""
    own = {"limit_count": 30, "limit_unit": "working_days", "watch_phone": "0800-0000009"}
    county.publish("HQ-003", **own)
    html = text_of("/benefits/items/HQ-003/")
    for said in (
        *("当年首次纳入规模以上统计", "营业执照，1份", "可以免提交", "一次性奖励10万元", "100,000 元"),
        *("收到交办通知书后10个工作日内完成审核报批", "本事项的指南载明：30 个工作日", "二(六)"),
        *("测府发〔2025〕1号", "第三条", "0800-0000001", "0800-0000009", "2022年1月1日起，长期有效"),
    ):
        assert said in html, said
    assert 'href="/benefits/claim/HQ-003/"' in html
    assert "谁可以申请" in html
    assert "按指南办理" not in html
    county.publish("HQ-004", **own, level="province", category="without_application")
    html = text_of("/benefits/items/HQ-004/")
    assert "省级政策按指南办理" in html
    assert "企业不必申请" in html
    assert "谁可以享受" in html
    assert "/benefits/claim/" not in html
    today = timezone.localdate()
    county.publish("HQ-005", claims_to=today - timedelta(days=1))
    county.publish("HQ-006", claims_from=today + timedelta(days=1))
    assert "请在下一申报期内申请" in text_of("/benefits/items/HQ-005/")
    assert "请到时再申请" in text_of("/benefits/items/HQ-006/")


def test_what_is_out_of_force_says_what_to_do(county: BenefitCounty) -> None:
    """GY-R12: versions by number with their days; a draft is nowhere."""
    today = timezone.localdate()
    soon, here = today + timedelta(days=10), "/benefits/items/HQ-001/"
    second = county.publish("HQ-001", valid_from=soon, standard="一次性奖励20万元")
    html = text_of(here)
    assert "一次性奖励10万元" in html
    assert f'href="{here}2/"' in html
    assert "尚未生效" in text_of(f"{here}2/")
    end: dict[str, Any] = {"today": today, "acting_user": county.operator, "ended_on": today}
    county.item.refresh_from_db()
    end_version(version=county.item, why="政策调整", **end)
    assert "尚未生效" in text_of(here)
    assert "请看第2版；此前的申请仍按申请当日的版本办理。" in text_of(f"{here}1/")
    end_version(version=second, why="政策废止", **end)
    html = text_of(here, 410)
    assert "起停止：政策调整" in html
    assert "请在清单中查找相近的事项" in html
    assert "我要申请" not in html
    assert "规上工业" not in text_of("/benefits/")
    text_of(f"{here}2/", 404)  # ended before it began: it never held
    county.publish("HQ-007", valid_to=date(2025, 12, 31))
    assert "已于2025年12月31日失效" in text_of("/benefits/items/HQ-007/", 410)
    county.draft("HQ-008")
    text_of("/benefits/items/HQ-008/", 404)
    text_of("/benefits/items/HQ-009/", 404)
