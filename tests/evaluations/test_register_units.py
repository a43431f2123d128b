"""The register of rounds that judge units: what 吉林经开区 and 广元 propose, decided and served."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from pytest_django.fixtures import Settings

from departments.kinds import StaffKind
from departments.models import Department, Section, StaffMember
from evaluations import services
from evaluations.models import Disposition, Result, Round
from evaluations.results.recompute import judge
from evaluations.rounds.subject_keys import department_key
from office.errors import Refused
from tests.evaluations.county import BASE_DATE, NOW, SERVED, County
from tests.evaluations.registers import decide, serve
from tests.evaluations.unit_rounds import jilin_county, through_appeals, version
from tests.kit.files import own_folders

pytestmark = pytest.mark.django_db
State = Disposition.State
COMMITTEE = "开发区党工委、管委会"


@pytest.fixture(autouse=True)
def _folders(db: None, settings: Settings, tmp_path: Path) -> None:
    own_folders(settings, tmp_path)
    settings.DEMO = True


def of(word: str, name: str) -> Disposition:
    return Disposition.objects.get(word=word, subject__name=name)


def test_praise_and_points_criticism_and_the_talk_of_a_principal_whom_no_list_names() -> None:
    """JL-R10"""
    county = jilin_county()
    through_appeals(county, county.round.results.get())
    failed = set(Disposition.objects.filter(word="诫勉谈话").values_list("subject__name", flat=True))
    assert "丁局" in failed, "who is vetoed fails"
    minus = of("年度绩效考评扣分", "丁局")
    with pytest.raises(Refused, match="分值原文没有写明"):
        decide(county, minus, body=COMMITTEE, number="吉经办〔2026〕3号")
    decided = decide(county, minus, body=COMMITTEE, number="吉经办〔2026〕3号", points=Decimal(-2))
    assert (decided[0].points, decided[0].points_by_decision) == (Decimal(-2), True)
    talk = of("诫勉谈话", "丁局")
    assert (talk.target, talk.staff_member) == ("principal", None)
    body = "开发区党工委组织部"
    with pytest.raises(Refused, match="还没有写明是谁"):
        decide(county, talk, body=body, number="吉经组〔2026〕1号")
    section = Section.objects.create(department=talk.department, name="局领导")
    head = StaffMember.objects.create(
        department=talk.department,
        section=section,
        name="丁局长",
        post="局长",
        kind=StaffKind.PRINCIPAL_LEADER,
    )
    decide(county, talk, body=body, number="吉经组〔2026〕1号", persons={talk.pk: head})
    serve(county, talk)
    talk.refresh_from_db()
    assert (talk.person_name, talk.state, talk.papers.count()) == ("丁局长", State.IN_FORCE, 2)
    before = Disposition.objects.count()
    services.register_consequences(round=Round.objects.get(), now=NOW, acting_user=county.operator)
    talk.refresh_from_db()
    minus.refresh_from_db()
    assert Disposition.objects.count() == before, "whoever was named, and what was decided, is kept"
    assert (talk.state, minus.points) == (State.IN_FORCE, Decimal(-2))


def golden(name: str) -> dict[str, Any]:
    path = Path(settings.BASE_DIR) / "tests" / "golden" / "guangyuan-2022" / "lists.yaml"
    cases = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    given: dict[str, Any] = next(one["given"] for one in cases if one["name"] == name)
    return given


def guangyuan(name: str) -> County:
    """A round whose result is that of a golden case, its appeals ended, registered by the button."""
    county = County()
    given = golden(name)
    Department.objects.update(is_active=False)
    units = {
        key: Department.objects.create(name=f"市{key}局", peer_group=one["group"], order=order)
        for order, (key, one) in enumerate(given["subjects"].items(), start=1)
    }
    county.round = county.create(
        title=name,
        period=given["period"],
        scheme_version=version("guangyuan-2022"),
        base_date=BASE_DATE,
        persons_public="none",
        persons_public_decision="",
        options={},
    )
    services.freeze_subjects(round=county.round, acting_user=county.operator)
    subjects = {department_key(units[key].pk): one for key, one in given["subjects"].items()}
    facts = {"scheme": "guangyuan-2022", "period": given["period"], "subjects": subjects}
    Result.objects.create(
        round=county.round,
        scheme_version=county.round.scheme_version,
        facts=facts,
        outcome=judge(county.round.scheme_version, facts),
        computed_by=county.operator,
        computed_at=NOW,
    )
    Round.objects.update(state=Round.State.APPEALS_ENDED, served_on=SERVED, appeals_until=SERVED)
    services.register_consequences(round=county.round, now=NOW, acting_user=county.operator)
    return county


def test_the_last_are_put_right_and_twice_running_are_summoned() -> None:
    """GY-R9"""
    county = guangyuan("连续两次末位约谈，跨年也连续，但年度累计重新起算")
    words = set(Disposition.objects.filter(subject__name="市d40局").values_list("word", flat=True))
    assert words == {"专项整改", "市政府约谈", "年度扣分"}
    minus = of("年度扣分", "市d40局")
    assert (minus.points, minus.points_are_total) == (Decimal("-0.2"), True)
    rows = [of("专项整改", "市d39局"), of("专项整改", "市d40局")]
    body = "市政务服务和资源交易中心"
    decide(county, *rows, body=body, number="广政资〔2026〕2号")
    serve(county, *rows, way="hand", received_by="办公室")
    assert {one.state for one in Disposition.objects.filter(word="专项整改", number__gt="")} == {State.SERVED}
    summons = of("市政府约谈", "市d40局")
    with pytest.raises(Refused, match="由市政府决定"):
        decide(county, summons, body=body, number="广政资〔2026〕3号")


def test_three_times_running_at_the_top_or_at_the_end_counts_for_awards() -> None:
    """GY-R11"""
    names = [
        one["name"]
        for one in yaml.load(
            (Path(settings.BASE_DIR) / "tests/golden/guangyuan-2022/lists.yaml").read_text("utf-8"),
            Loader=yaml.CSafeLoader,
        )
        if one.get("requirement") == "GY-R11" and "given" in one
    ]
    county = guangyuan(names[0])
    awards = list(Disposition.objects.filter(kind="award"))
    assert {one.word for one in awards} == {"推荐评先", "增加个人推荐评先名额"}
    decide(county, *awards, body="市政务服务和资源交易中心", number="广政资〔2026〕4号", terms="增加1名")
    serve(county, *awards)
    assert {one.effect_until for one in Disposition.objects.filter(kind="award")} == {
        date(int(county.round.period[:4]), 12, 31)
    }
