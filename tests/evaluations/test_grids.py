"""Channels that are grids: entered by one, confirmed by another, and what they give to the engine."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from evaluations import services
from evaluations.gathering.entries import workbook
from evaluations.gathering.entries.kinds import grid_of
from evaluations.gathering.kinds import kind_of
from evaluations.models import Channel, Entry
from office.errors import Refused
from office.imports.definition import Agreed
from office.models import AuditEntry, User
from office.roles import Role
from office.workbooks.writing import XLSX
from office.workbooks.writing import workbook as written_book
from tests.evaluations.channels import NOW, SOURCE, Office, typed
from tests.evaluations.gatherer import AGREED, completed, typed_of
from tests.kit.at_once import DONE, at_once, together
from tests.kit.stored_states import stored
from tests.scoring.golden import GoldenCase, differences, golden_cases

FANGCHENG = "fangcheng-2022"
GROUP = "责任单位"
BY_COUNTS = {"answers.enterprises": "counts"}
# The last of each requirement and reading: each takes a round from its creation to its result.
CASES = {
    f"{case.requirement} {case.given.get('options', '')}": case
    for case in golden_cases()
    if case.scheme == FANGCHENG
    and not (case.refused or case.flip)
    and case.expect
    and not any("occurrences" in facts for facts in case.given["subjects"].values())
}


def played(case: GoldenCase) -> dict[str, Any]:
    """The outcome of a golden case whose facts were entered, confirmed and settled channel by channel."""
    subjects = case.given["subjects"]
    names = {key: facts.get("name", key) for key, facts in subjects.items()}
    office = Office(
        FANGCHENG,
        dict.fromkeys(names.values(), GROUP),
        options=case.given.get("options"),
        channels=BY_COUNTS,
    )
    for channel in office.round.channels.exclude(kind=Channel.Kind.LEDGER):
        need = channel.need
        rows = {key: typed_of(need, facts) for key, facts in subjects.items()}
        if need.startswith("external"):
            named = dict.fromkeys(
                one for key in subjects for one in subjects[key].get("external", {}).get("indicators", {})
            )
            office.name_indicators(need, named or ["政务服务"])
        office.enter(need, {names[key]: completed(need, row) for key, row in rows.items()}, SOURCE)
        office.confirm(need)
        assert office.missing(need) == []
        office.settle(need)
    office.settle("occurrences")
    outcome = dict(office.result().outcome)
    keys = {office.key(name): key for key, name in names.items()}
    outcome["subjects"] = {keys[key]: one for key, one in outcome["subjects"].items()}
    return outcome


@pytest.mark.parametrize("case", CASES.values(), ids=str)
def test_facts_entered_and_confirmed_give_the_golden_outcome(case: GoldenCase, db: None) -> None:
    """FC-R1, FC-R2, FC-R3, FC-R4, FC-R5, FC-R6, FC-R7, FC-R8, FC-R9, FC-R11, FC-R12"""
    told = json.dumps(played(case), ensure_ascii=False).replace(f"；备注：{AGREED}", "")
    assert differences(case.expect, json.loads(told)) == []


# --- Entering -----------------------------------------------------------------------------------------

UNITS = ("县甲局", "县乙局", "县丙局")
REFUSED = {
    "over the full marks": ("marks.rectification", typed(total="30.5"), "30.5 超出范围，应在 0 到 8 之间"),
    "below": ("marks.rectification", typed(total="-1"), "“-1”不是数"),
    "letters": ("marks.rectification", typed(total="abc"), "“abc”不是数，请填阿拉伯数字"),
    "too fine": ("marks.rectification", typed(total="7.125"), "7.125 最多 2 位小数"),
    "an aspect": ("marks.innovation", typed(highlight="5.5"), "“创新亮点”：5.5 超出范围，应在 0 到 5 之间"),
    "not yes or no": ("conditions", typed(full_revisit="也许"), "“也许”无法识别，请填是或否"),
    "exclusive": (
        "conditions",
        typed(problems_solved="是", no_problems="是"),
        "与“解决企业实际问题”相互排斥，不能同时为“是”",
    ),
    "in a hole": ("placements.supervisors", typed(points="6.5"), "6.5 落在方阵之间，按口径不予接受"),
    "another tier": ("placements.supervisors", typed(tier="1", points="5"), "5 不在第一方阵（7–8）之内"),
    "no such tier": ("placements.supervisors", typed(tier="4", points="1"), "“4”不是方阵，方阵为 1 到 3"),
    "half a person": ("answers.masses", typed(**{"overall/不满意": "1.5"}), "1.5 须为整数"),
    "a figure over 100": ("external.indicators", typed(开办企业="101"), "应在 0 到 100 之间"),
    "a long remark": ("marks.rectification", typed(total="8", remark="长" * 501), "“备注”：超过 500 字"),
}


@stored
def begun() -> Office:
    """A round of 方城 that gathers, three units on its list."""
    return Office(FANGCHENG, dict.fromkeys(UNITS, GROUP), channels=BY_COUNTS)


@stored
def begun_with_indicators() -> Office:
    made = begun()
    made.name_indicators("external.indicators", ["开办企业", "获得电力"])
    return made


@pytest.fixture
def office(db: None) -> Office:
    return begun_with_indicators()


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_scheme_does_not_allow_is_refused_and_nothing_is_written(office: Office, name: str) -> None:
    need, row, why = REFUSED[name]
    with pytest.raises(Refused) as refusal:
        office.enter(need, {"县甲局": row, "县乙局": typed(remark="一并填报")}, SOURCE)
    assert len(refusal.value.faults) == 1
    assert refusal.value.faults[0].startswith("县甲局“")
    assert why in refusal.value.faults[0]
    assert not Entry.objects.exists()


def test_all_or_nothing_and_open_holes_follow_the_readings(db: None) -> None:
    """FC-R3, FC-R5: the round's readings decide what the grid takes."""
    options = {"partial_marks": "all_or_nothing", "tier_holes": "lower_tier"}
    office = Office(FANGCHENG, dict.fromkeys(UNITS, GROUP), options=options, channels=BY_COUNTS)
    with pytest.raises(Refused, match="7 不符合口径，只能填 0、8"):
        office.enter("marks.rectification", {"县甲局": typed(total="7")})
    office.enter("placements.supervisors", {"县甲局": typed(points="6.5")})
    office.confirm("placements.supervisors")
    assert office.facts("placements.supervisors") == {
        office.key("县甲局"): {"placements": {"supervisors": {"tier": 2, "points": "6.5"}}}
    }


def test_zero_is_entered_and_blank_is_not(office: Office) -> None:
    """FC-R3"""
    office.enter(
        "marks.rectification", {"县甲局": typed(total="0"), "县乙局": typed(total=" ", remark="尚未核实")}
    )
    office.confirm("marks.rectification")
    assert office.facts("marks.rectification") == {office.key("县甲局"): {"marks": {"rectification": 0}}}
    assert office.missing("marks.rectification") == ["县丙局：缺得分"]
    office.enter("marks.rectification", {"县甲局": typed(total="")})
    assert office.missing("marks.rectification") == ["县甲局：缺得分", "县丙局：缺得分"]


def test_counts_and_figures_need_a_source_and_its_day(office: Office) -> None:
    """FC-R9, FC-R11"""
    for need, row in (
        ("answers.masses", typed(**{"overall/不满意": "3"})),
        ("external.indicators", typed(开办企业="88.5")),
    ):
        with pytest.raises(Refused) as refusal:
            office.enter(need, {"县甲局": row})
        assert [fault.partition("：")[0] for fault in refusal.value.faults] == [
            "县甲局“来源”",
            "县甲局“来源日期”",
        ]
        office.enter(need, {"县甲局": row}, SOURCE)
    entry = Entry.objects.get(channel__need="answers.masses")
    assert (entry.source, str(entry.source_on)) == ("县纪委监委通报第3期", "2026-09-25")


def test_a_blank_figure_says_that_the_unit_took_no_part(office: Office) -> None:
    """FC-R11: blanking a confirmed figure changes what others are compared with, so it is confirmed, too."""
    need = "external.indicators"
    office.enter(need, {"县甲局": typed(开办企业="90"), "县乙局": typed(开办企业="80")}, SOURCE)
    office.confirm(need)
    assert office.missing(need) == []
    office.enter(need, {"县甲局": typed(开办企业="")})
    assert office.missing(need) == ["县甲局：1 项待确认"]
    office.confirm(need)
    figures = {"indicators": {"开办企业": None, "获得电力": None}}
    assert office.facts(need)[office.key("县甲局")] == {"external": figures}


def test_an_indicator_with_figures_keeps_its_name(office: Office) -> None:
    office.enter("external.indicators", {"县甲局": typed(开办企业="90")}, SOURCE)
    with pytest.raises(Refused, match="不能删去或改名"):
        office.name_indicators("external.indicators", ["获得电力"])
    office.name_indicators("external.indicators", ["获得电力", "开办企业", "纳税服务"])
    assert office.channel("external.indicators").named_items == ["获得电力", "开办企业", "纳税服务"]


# --- Confirming ---------------------------------------------------------------------------------------


def test_a_value_counts_once_another_person_confirmed_it_and_no_longer_when_it_changes(
    office: Office,
) -> None:
    """FC-R6"""
    need = "marks.assigned_tasks"
    office.enter(need, {name: typed(total="8", remark="按时报送") for name in UNITS})
    assert office.facts(need) == {}
    assert office.missing(need) == [f"{name}：1 项待确认" for name in UNITS]
    assert office.confirm(need) == 3
    assert office.missing(need) == []
    office.enter(need, {"县甲局": typed(total="6.50")})
    office.enter(need, {"县乙局": typed(remark="迟报一次")})
    assert office.facts(need) == {
        office.key("县丙局"): {"marks": {"assigned_tasks": {"points": 8, "remark": "按时报送"}}}
    }
    with pytest.raises(Refused, match="还有2处没有办完"):
        office.settle(need)
    office.confirm(need)
    marks = office.facts(need)[office.key("县甲局")]["marks"]
    assert marks == {"assigned_tasks": {"points": "6.5", "remark": "按时报送"}}


def test_nobody_confirms_what_they_entered(office: Office) -> None:
    need = "marks.rectification"
    office.enter(need, {"县甲局": typed(total="8")})
    User.objects.filter(pk=office.operator.pk).update(role=Role.CENTRE_REVIEWER)
    changed_role = User.objects.get(pk=office.operator.pk)
    with pytest.raises(Refused, match="都由您本人填报，不能由您确认"):
        services.confirm_entries(channel=office.channel(need), now=NOW, acting_user=changed_role)
    assert office.confirm(need) == 1
    with pytest.raises(Refused, match="没有待确认的填报"):
        office.confirm(need)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_does() -> None:
    office = begun()
    need = "marks.rectification"
    office.enter(need, {name: typed(total="8") for name in UNITS})
    reviewers = [office.reviewer, User.objects.create_user("复核二", role=Role.CENTRE_REVIEWER)]

    def confirms(user: User) -> Callable[[], object]:
        channel = office.channel(need)
        return lambda: services.confirm_entries(channel=channel, now=NOW, acting_user=user)

    done, refused = at_once(*map(confirms, reviewers))
    assert done == DONE
    assert "没有待确认的填报" in refused
    assert Entry.objects.exclude(confirmed_by=None).count() == 3
    assert AuditEntry.objects.filter(verb="确认填报").count() == 1
    assert Entry.objects.values("confirmed_by").distinct().count() == 1


def posted(who: Client, url: str, sent: dict[str, str]) -> Callable[[], int]:
    return lambda: who.post(url, sent).status_code


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_what_changes_while_it_is_confirmed_is_not_confirmed_unseen() -> None:
    """Whoever comes first, the new value stays to be confirmed."""
    office = begun()
    need = "marks.rectification"
    office.enter(need, {"县甲局": typed(total="8")})
    url, reviewer, operator = page_of(office, need), signed_in(office.reviewer), signed_in(office.operator)
    seen = mark_on(reviewer.get(url).content.decode())
    was = shown_on(operator.get(url).content.decode())
    confirmed, saved = together(
        posted(reviewer, url, {"do": "confirm", "seen_mark": seen}),
        posted(operator, url, {"do": "save", "was": was, f"v-{office.row('县甲局')}-0": "2"}),
    )
    assert confirmed in (200, 302)
    assert saved == 302
    entry = Entry.objects.get()
    assert (entry.value, entry.confirmed_by) == (2, None)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_a_grid_at_once_each_keeps_what_the_other_does_not_touch() -> None:
    office = begun()
    url = page_of(office, "marks.innovation")
    row = office.row("县甲局")
    people = [signed_in(office.operator), signed_in(second_operator())]
    was = shown_on(people[0].get(url).content.decode())
    sent = [{"do": "save", "was": was, f"v-{row}-{at}": str(at + 1)} for at in range(2)]
    assert together(*(posted(who, url, one) for who, one in zip(people, sent, strict=True))) == [302, 302]
    assert sorted(Entry.objects.values_list("value", flat=True)) == [1, 2]
    Entry.objects.all().delete()
    sent = [{"do": "save", "was": was, f"v-{row}-0": str(at + 1), f"v-{row}-1": "3"} for at in range(2)]
    answers = together(*(posted(who, url, one) for who, one in zip(people, sent, strict=True)))
    assert sorted(answers) == [200, 302]
    won = answers.index(302)
    found = {one.item: one.value for one in Entry.objects.all()}
    assert found == {"highlight": won + 1, "effect": 3}


def test_what_is_settled_takes_nothing_more(office: Office) -> None:
    need = "marks.rectification"
    office.enter(need, {name: typed(total="8") for name in UNITS})
    office.confirm(need)
    office.settle(need)
    with pytest.raises(Refused, match="已办结，不能填报"):
        office.enter(need, {"县甲局": typed(total="7")})
    with pytest.raises(Refused, match="已办结，不能确认"):
        office.confirm(need)


# --- Tiers --------------------------------------------------------------------------------------------


def test_tiers_are_suggested_by_rank_and_moved_with_a_reason(office: Office) -> None:
    """FC-R7"""
    need = "placements.publicity"
    office.enter("measures.articles", {"县甲局": typed(total="12"), "县乙局": typed(total="9")})
    office.confirm("measures.articles")
    assert "还有 1 个单位没有确认" in grid_of(office.channel(need)).says
    office.enter("measures.articles", {"县丙局": typed(total="0")})
    office.confirm("measures.articles")
    assert grid_of(office.channel(need)).hints == {
        office.row("县甲局"): "第一方阵（第 1 位，共 3）",
        office.row("县乙局"): "第二方阵（第 2 位，共 3）",
        office.row("县丙局"): "第三方阵（第 3 位，共 3）",
    }
    with pytest.raises(Refused, match="定为第一方阵，与建议的第二方阵不同，请写明原因"):
        office.enter(need, {"县乙局": typed(points="7")})
    office.enter(
        need, {"县甲局": typed(points="10"), "县乙局": typed(points="7", remark="国家级媒体刊发两篇")}
    )
    office.enter(need, {"县丙局": typed(tier="第三方阵", points="1")})
    office.confirm(need)
    assert office.missing(need) == []
    office.enter("measures.articles", {"县丙局": typed(total="20")})
    office.confirm("measures.articles")
    assert "县丙局：定为第三方阵，与建议的第一方阵不同，请写明原因" in office.missing(need)


# --- In few queries -----------------------------------------------------------------------------------

FULL: dict[str, Any] = {
    "marks.rectification": lambda n: typed(total="7.5", remark=f"备注{n}"),
    "marks.innovation": lambda _: typed(highlight="4", effect="2.5"),
    "conditions": lambda _: typed(
        full_revisit="是", no_problems="是", remarks={"full_revisit": "回访 30 家"}
    ),
    "measures.articles": lambda n: typed(total=str(n)),
    "placements.supervisors": lambda _: typed(tier="2", points="5", remark="暗访一次"),
    "external.indicators": lambda _: typed(开办企业="88.25", 获得电力=""),
    "answers.masses": lambda _: typed(**{"overall/满意": "40", "overall/不满意": "2"}),
}
EXPECTED: dict[str, Any] = {
    "marks.rectification": {"marks": {"rectification": {"points": "7.5", "remark": "备注0"}}},
    "marks.innovation": {"marks": {"innovation": {"highlight": 4, "effect": "2.5"}}},
    "conditions": {
        "conditions": {
            "full_revisit": {"holds": True, "remark": "回访 30 家"},
            "no_problems": {"holds": True},
        }
    },
    "measures.articles": {"measures": {"articles": 0}},
    "placements.supervisors": {"placements": {"supervisors": {"tier": 2, "points": 5, "remark": "暗访一次"}}},
    "external.indicators": {"external": {"indicators": {"开办企业": "88.25", "获得电力": None}}},
    "answers.masses": {"answers": {"masses": {"overall": {"满意": 40, "不满意": 2}}}},
}


@pytest.mark.parametrize("need", FULL)
def test_the_facts_of_a_channel_take_four_queries_at_most(
    office: Office, need: str, django_assert_max_num_queries: Any
) -> None:
    """FC-R2, FC-R3, FC-R4, FC-R5, FC-R7, FC-R9, FC-R11: facts as a hand would write them."""
    office.enter(need, {name: FULL[need](n) for n, name in enumerate(UNITS)}, SOURCE)
    office.confirm(need)
    channel = office.channel(need)
    with django_assert_max_num_queries(4):
        found = kind_of(channel).facts(channel)
    assert found[office.key("县甲局")] == EXPECTED[need]
    assert office.missing(need) == []


# --- Workbooks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("need", FULL)
def test_a_workbook_that_comes_back_unchanged_changes_nothing(office: Office, need: str) -> None:
    office.enter(need, {name: FULL[need](n) for n, name in enumerate(UNITS)}, SOURCE)
    found = workbook.compare(office.channel(need), workbook.workbook_of(office.channel(need)))
    assert (found.faults, found.changes, found.unchanged) == ([], [], 3)


def test_a_workbook_fills_an_empty_grid_as_it_was_taken_out(office: Office) -> None:
    """FC-R11: out of one round, into the grid after it was emptied."""
    need = "external.indicators"
    office.enter(need, {name: FULL[need](n) for n, name in enumerate(UNITS)}, SOURCE)
    content = workbook.workbook_of(office.channel(need))
    before = list(Entry.objects.exclude(value=None).values_list("subject", "item", "value", "source_on"))
    Entry.objects.all().delete()
    found = workbook.compare(office.channel(need), content)
    agreed = Agreed(content, "指标.xlsx", None, found.digest())
    said = workbook.take_in(channel=office.channel(need), agreed=agreed, acting_user=office.operator)
    assert said == "省市评价指标已导入：变更 3 个单位，待另一人确认。"
    assert list(Entry.objects.values_list("subject", "item", "value", "source_on")) == before


def test_faults_of_a_workbook_name_their_cells_and_nothing_is_imported(office: Office) -> None:
    rows = [
        ["县甲局", 30.5, ""],
        ["县乙局", "优", ""],
        ["县丁局", 8, ""],
        ["县丙局", 8, ""],
        ["县丙局", 8, ""],
    ]
    content = written(["单位", "得分", "备注"], rows)
    found = workbook.compare(office.channel("marks.rectification"), content)
    assert [(fault.row, fault.column, fault.text) for fault in found.faults] == [
        (4, 1, "参评单位中没有“县丁局”，请核对名称。"),
        (6, 1, "该单位在第5行已经出现，请删去一行。"),
        (2, 2, "30.5 超出范围，应在 0 到 8 之间。"),
        (3, 2, "“优”不是数，请填阿拉伯数字。"),
    ]
    agreed = Agreed(content, "得分.xlsx", None, found.digest())
    with pytest.raises(Refused, match="工作簿中有 4 处需要更正"):
        workbook.take_in(
            channel=office.channel("marks.rectification"), agreed=agreed, acting_user=office.operator
        )
    assert not Entry.objects.exists()


# --- Pages --------------------------------------------------------------------------------------------


def written(headings: list[str], rows: list[list[Any]]) -> bytes:
    return written_book("得分", headings, rows)


def page_of(office: Office, need: str) -> str:
    return f"/office/rounds/entries/{office.channel(need).pk}/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def mark_on(html: str) -> str:
    found = re.search(r'name="seen_mark" value="([^"]+)"', html)
    assert found
    return found[1]


def shown_on(html: str) -> str:
    """What the page says was stored when it was shown."""
    found = re.search(r'name="was" value="([^"]*)"', html)
    assert found
    return unescape(found[1])


def second_operator() -> User:
    return User.objects.create_user("经办二", role=Role.CENTRE_OPERATOR)


def test_one_enters_on_the_page_and_another_confirms(office: Office) -> None:
    """FC-R4, FC-R12: who entered and who confirmed what stands beside it."""
    url, operator, reviewer = (
        page_of(office, "marks.innovation"),
        signed_in(office.operator),
        signed_in(office.reviewer),
    )
    html = operator.get(url).content.decode()
    assert "按创新亮点和成效评分" in html
    row = office.row("县甲局")
    sent = {f"v-{row}-0": "5", f"v-{row}-1": "2.5", f"r-{row}": "见简报第3期", "do": "save"}
    answer = operator.post(url, {**sent, "was": shown_on(html)}, follow=True)
    assert "已保存，待另一人确认。" in answer.content.decode()
    html = reviewer.get(url).content.decode()
    assert "经办，2026年" in html
    assert "2 项待确认" in html
    assert 'name="v-' not in html  # who confirms does not enter
    answer = reviewer.post(url, {"do": "confirm", "seen_mark": mark_on(html)}, follow=True)
    assert "复核已确认" in answer.content.decode()
    assert office.facts("marks.innovation") == {
        office.key("县甲局"): {
            "marks": {"innovation": {"highlight": 5, "effect": "2.5", "remark": "见简报第3期"}}
        }
    }


def test_what_was_refused_stays_on_the_page_beside_the_reason(office: Office) -> None:
    url, operator = page_of(office, "marks.innovation"), signed_in(office.operator)
    row = office.row("县甲局")
    sent = {f"v-{row}-0": "30.5", f"r-{row}": "见简报", "do": "save"}
    was = shown_on(operator.get(url).content.decode())
    html = operator.post(url, {**sent, "was": was}).content.decode()
    assert "有 1 处不符合要求" in html
    assert 'value="30.5"' in html
    assert 'value="见简报"' in html
    assert '<p class="fault">30.5 超出范围，应在 0 到 5 之间</p>' in html


def test_what_changed_since_the_page_was_shown_is_not_confirmed(office: Office) -> None:
    need = "marks.rectification"
    office.enter(need, {"县甲局": typed(total="8")})
    url, reviewer = page_of(office, need), signed_in(office.reviewer)
    seen = mark_on(reviewer.get(url).content.decode())
    office.enter(need, {"县甲局": typed(total="2")})
    html = reviewer.post(url, {"do": "confirm", "seen_mark": seen}).content.decode()
    assert "您打开本页之后，这里的内容已被修改" in html
    assert "县甲局 得分：8 → 2" in html
    assert office.facts(need) == {}


def test_of_two_in_one_grid_each_keeps_what_the_other_did(office: Office) -> None:
    """Other cells stay and are shown; what both changed is refused with both values, and all with it."""
    url, mine = page_of(office, "marks.innovation"), signed_in(office.operator)
    one, other = office.row("县甲局"), office.row("县乙局")
    was = shown_on(mine.get(url).content.decode())
    theirs = {"do": "save", "was": was, f"v-{one}-0": "5", f"v-{other}-0": "4", f"r-{other}": "见简报"}
    signed_in(second_operator()).post(url, theirs)
    plain = {f"v-{one}-0": "3", f"v-{one}-1": "2", f"v-{other}-0": "", f"v-{other}-1": "1", f"r-{other}": ""}
    html = mine.post(url, {"do": "save", "was": was, **plain}).content.decode()
    assert re.search("县甲局“创新亮点”：您填的是“3”，经办二已于.{,24}改为“5”。", html)
    assert "您填的“3”没有保存。确需更改的，请重新填写" in html
    assert Entry.objects.filter(subject__name="县甲局").count() == 1
    for name, value in {
        f"v-{one}-0": "5",
        f"v-{one}-1": "2",
        f"v-{other}-0": "4",
        f"r-{other}": "见简报",
    }.items():
        assert f'name="{name}" value="{value}"' in html
    again = {"do": "save", "was": shown_on(html), f"v-{one}-0": "5", f"v-{one}-1": "2", f"v-{other}-1": "1"}
    mine.post(url, again)
    rows = {
        (entry.subject.name, entry.item): entry.value for entry in Entry.objects.select_related("subject")
    }
    assert rows == {
        ("县甲局", "highlight"): 5,
        ("县甲局", "effect"): 2,
        ("县乙局", "highlight"): 4,
        ("县乙局", "effect"): 1,
    }
    late = {"do": "save", "was": was, f"v-{office.row('县丙局')}-0": "1"}
    html = mine.post(url, late, follow=True).content.decode()
    assert "您打开本页之后另有更改，没有被覆盖：县甲局“创新亮点”、" in html


def test_pages_of_a_grid_follow_the_roles(office: Office) -> None:
    url = page_of(office, "external.indicators")
    reader = signed_in(User.objects.create_user("监督", role=Role.INSPECTORATE))
    assert reader.get(url).status_code == 200
    assert reader.get(f"{url}list.xlsx").headers["Content-Type"] == XLSX
    assert reader.get(f"{url}import/").status_code == 403
    assert reader.get(f"{url}indicators/").status_code == 403
    outsider = signed_in(User.objects.create_user("部门", role=Role.DEPARTMENT_OFFICER))
    assert outsider.get(url).status_code == 403
    operator = signed_in(office.operator)
    assert "获得电力" in operator.get(f"{url}indicators/").content.decode()
    sent = {
        "names": "开办企业\n获得电力\n纳税服务",
        "seen_mark": mark_on(operator.get(f"{url}indicators/").content.decode()),
    }
    assert "纳税服务" in operator.post(f"{url}indicators/", sent, follow=True).content.decode()


def test_a_workbook_is_previewed_on_its_page_and_comes_back_marked(office: Office) -> None:
    need = "marks.rectification"
    url, operator = f"{page_of(office, need)}import/", signed_in(office.operator)
    faulty = SimpleUploadedFile("得分.xlsx", written(["单位", "得分", "备注"], [["县甲局", 9, ""]]), XLSX)
    html = operator.post(url, {"file": faulty}).content.decode()
    assert "9 超出范围，应在 0 到 8 之间" in html
    digest = re.search(r'name="marked" value="([^"]+)"', html)
    assert digest
    marked = operator.post(url, {"marked": digest[1]}).content
    comment = load_workbook(io.BytesIO(marked)).active["B2"].comment  # type: ignore[union-attr,index]
    assert comment is not None
    assert "9 超出范围" in comment.text
    right = SimpleUploadedFile("得分.xlsx", written(["单位", "得分", "备注"], [["县甲局", 8, "如期"]]), XLSX)
    html = operator.post(url, {"file": right}).content.decode()
    assert "县甲局 得分：（空） → 8；备注：如期" in html
    digest = re.search(r'name="digest" value="([^"]+)"', html)
    assert digest
    html = operator.post(url, {"digest": digest[1]}, follow=True).content.decode()
    assert "整改已导入：变更 1 个单位，待另一人确认。" in html
