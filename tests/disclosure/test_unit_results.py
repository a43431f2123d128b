"""Public pages of schemes that judge no persons."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pypdf
import pytest
from django.test import Client

from departments.models import Department
from disclosure.models import Publication
from tests.evaluations.county import County
from tests.evaluations.test_publication_units import monitored
from tests.evaluations.unit_rounds import computed, jilin, through_appeals, units_round
from tests.kit.publishing import PUBLISHED, publish
from tests.reports.papers_read import said_in
from tests.walk.checks import offences

pytestmark = pytest.mark.django_db


def read(publication: Publication, file: str) -> str:
    answer = Client().get(f"/results/{publication.pk}/{file}")
    assert answer.status_code == 200, file
    return str(answer.content.decode())


def lists_of(index: str) -> str:
    """The page from its title to its notes."""
    return re.sub(r"^.*?<main|id=\"notes\".*$", "", index, flags=re.DOTALL)


def keys(publication: Publication) -> dict[str, str]:
    """Name of a unit → its key in the names of files."""
    return {row.name: f"d{row.department_id}" for row in publication.round.departments.all()}


def test_readers_find_pools_grades_and_every_part_with_its_clause(county: County) -> None:
    """JL-R1 JL-R7 JL-R9"""
    publication = publish(through_appeals(county, jilin(county)), county)
    index = read(publication, "index.html")
    for word in ("各局（室、公司）", "各基层单位", "等次", "不排名", "暂不计分"):
        assert word in index, word
    for word in ("人员", "评价分布", "无记名方式", "有效评价（份）"):
        assert word not in lists_of(index), word
    page = read(publication, f"{keys(publication)['乙局']}.html")
    for word in ("日常考评", "38.00", "月度动态信息未按时上报", "不单独公布", "条款 三(二)1(8)", "满分 40"):
        assert word in page, word
    assert "张三" not in page
    assert "一票否决" in read(publication, f"{keys(publication)['丁局']}.html")
    method = read(publication, "method.html")
    assert "领导评议：打分表（来自管委会领导）" in method
    assert not any(name.endswith("-persons.html") for name in publication.manifest)
    for file in ("index.html", "method.html"):
        assert not offences(read(publication, file))


def test_the_sheet_as_pdf_has_item_full_marks_points_and_remark(county: County) -> None:
    """FC-R12: 方城 gives no grades, so there is no column for one."""
    facts = {"甲局": monitored(8, 1, 1), "乙局": monitored(20, 4, 1)}
    by_counts = {"answers.enterprises": "counts"}
    round_ = units_round(county, "fangcheng-2022", facts, period="2022-Q1", channels=by_counts)
    publication = publish(through_appeals(county, computed(county, round_)), county)
    index = read(publication, "index.html")
    assert "等次</th>" not in index
    content = Client().get(f"/results/{publication.pk}/{keys(publication)['甲局']}.pdf").content
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    for word in ("项目", "满分", "得分情况", "备注", "企业满意度", "群众评", "26.00"):
        assert word in text, word
    assert "等次" not in text.partition("三、计分依据")[0]
    client = Client()
    client.force_login(county.operator)
    pk = Department.objects.get(name="甲局", is_active=True).pk
    word = said_in(b"".join(client.get(f"/office/published/{round_.pk}/{pk}.docx")))
    for one in ("甲局成绩单", "项目", "满分", "得分情况", "备注", "企业满意度", "26.00"):
        assert one in word, one
    again = Client().get("/results/all/")
    assert round_.title in again.content.decode()


def test_a_second_quarter_counted_by_another_body_is_set_beside_the_first(county: County) -> None:
    """WY-R4 WY-R8: change and trend on both pages; what was taken over is a sample, on paper too."""
    quarters = (("2022-Q1", date(2026, 6, 1), 40), ("2022-Q2", date(2026, 9, 1), 60))
    for place, (period, base_date, content) in enumerate(quarters):
        facts = {
            name: counted(content + more, 90 - content - more) for name, more in (("甲局", 0), ("乙局", 5))
        }
        round_ = units_round(
            county,
            "wuyang-units-2022",
            facts,
            period=period,
            channels={"answers.ballot": "counts"},
            base_date=base_date,
        )
        now = PUBLISHED + timedelta(days=90 * place)
        publication = publish(through_appeals(county, computed(county, round_)), county, now=now)
    first = f"{keys(publication)['甲局']}"
    index, page = read(publication, "index.html"), read(publication, f"{first}.html")
    assert "较上轮" in lists_of(index)
    assert "+8.00" in lists_of(index), "sixty of a hundred instead of forty are content"
    assert "历轮得分" in page
    assert "2022年第一季度" in page
    content = Client().get(f"/results/{publication.pk}/{first}.pdf").content
    paper = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(content)).pages)
    for text in (page, re.sub(r"\s", "", paper)):
        assert "得分的可能范围为" in text
        assert "抽样误差" not in text
        assert "全数统计" not in text


def counted(content: int, fair: int) -> dict[str, Any]:
    answers = {"ballot": {"overall": {"满意": content, "基本满意": fair, "比较满意": 10}}}
    return {"group": "行政执法", "answers": answers}
