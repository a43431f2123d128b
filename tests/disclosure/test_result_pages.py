"""Result pages: the last round beside this one, how sure scores are, counties of any size."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.test import Client

from disclosure.models import Publication
from disclosure.results.rendering import page_of
from evaluations.models import Round
from evaluations.publication import Figure, PublicDepartment, PublicGroup, PublicView, Share
from evaluations.publication.rules import Saying
from evaluations.publication.view import (
    HIDDEN_PART,
    Likely,
    Node,
    PublicPerson,
    PublicSection,
    StratumFigure,
)
from reports.results.announcement import Announcement, Facts, Past, restored
from tests.disclosure.states import published, ready
from tests.disclosure.test_results import corrected_by_one_voter
from tests.evaluations.county import County
from tests.kit.publishing import PUBLISHED, publish
from tests.kit.stored_states import stored
from tests.reports.papers_read import said_in
from tests.walk.checks import offences

RARE = "喆堃玥璟翀"
LONG = "某县营商环境服务中心"[:8]
SURE = ("可能范围", "等次稳定", "接近界线", "威尔逊", "名次可能在")
GRADES = (("优秀", "90"), ("良好", "80"), ("合格", "70"), ("一般", "60"), ("不合格", "30"))


def read(publication: Publication, file: str) -> str:
    answer = Client().get(f"/results/{publication.pk}/{file}")
    assert answer.status_code == 200, file
    return str(answer.content.decode())


def visible(html: str) -> str:
    """The words between the tags, with those that pictures have for readers who do not see them."""
    labels = " ".join(re.findall(r'aria-label="([^"]*)"', html))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html.partition("<main")[2])) + labels


def pages(publication: Publication) -> list[str]:
    return [name for name in publication.manifest if re.fullmatch(r"index\.html|d\d+\.html", name)]


# --- rounds after each other --------------------------------------------------------------------------------


@stored
def twice() -> County:
    """The county with two published rounds of one scheme; the second with better votes."""
    county = published("all")
    following = county.served(title="2026年第四季度评价", period="2026-Q4", base_date=date(2026, 9, 2))
    publish(county.end_appeals(following), county, now=PUBLISHED + timedelta(days=90))
    return county


def both() -> tuple[Publication, Publication]:
    twice()
    return in_order()


def in_order() -> tuple[Publication, Publication]:
    first, second = Publication.objects.select_related("round", "result").order_by("published_at")
    return first, second


@pytest.mark.django_db
def test_attack_what_a_round_withheld_from_the_trend_of_the_next() -> None:
    """YC-R3: a trend repeats what was published and nothing else; of persons there is none."""
    first, second = both()
    before, now = restored(first.shown), restored(second.shown)
    assert not before.trend
    assert set(now.trend) == {one.id for one in before.view.departments}
    for one in before.view.departments:
        (past,) = now.trend[one.id]
        assert (past.score, past.grade, past.rank) == (one.figure.score, one.figure.grade, one.rank)
        assert (past.publication, past.period, past.is_comparable) == (first.pk, before.period, True)
    assert any(one.figure.score is None for one in before.view.departments), "something was withheld"
    people = [file for file in second.manifest if file.endswith("-persons.html")]
    assert people
    for file in people:
        page = visible(read(second, file))
        assert not any(word in page for word in ("较上轮", "历轮", "上升", "下降", *SURE))


@pytest.mark.django_db
def test_what_the_last_round_withheld_is_not_compared() -> None:
    first, second = both()
    before = {one.id: one for one in restored(first.shown).view.departments}
    index = read(second, "index.html")
    for one in restored(second.shown).view.departments:
        row = index.partition(f'href="{one.id}.html">{one.name}<')[2].partition("</tr>")[0]
        page = read(second, f"{one.id}.html")
        if before[one.id].figure.score is None or one.figure.score is None:
            assert not re.search(r"[+−]\d", row)
            assert "<dt>较上轮</dt>" not in page
            assert 'class="chart trend"' not in page
    assert not offences(index)


@pytest.mark.django_db
def test_a_later_round_and_a_correction_leave_published_pages_as_they_were() -> None:
    """The trend of a round is that of its day, whatever is corrected before it."""
    county = twice()
    first, second = in_order()
    was = {file: read(second, file) for file in pages(second)}
    Round.objects.filter(pk=first.round_id).update(
        state=Round.State.APPEALS_ENDED,
        correction_reason="录入更正",
        correction_decision="示政办〔2026〕12号",
    )
    shown = Publication.objects.get(pk=second.pk).shown
    voter = [one.id for one in restored(first.shown).view.departments if "乙" in one.name]
    corrected_by_one_voter(first, voter[0])
    publish(first.round, county, now=PUBLISHED + timedelta(days=99))
    assert Publication.objects.get(pk=second.pk).shown == shown
    assert {file: read(second, file) for file in pages(second)} == was


# --- how sure -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("is_public", [True, False])
def test_how_sure_a_score_is_shows_where_the_round_says_so(is_public: bool) -> None:
    county = ready("all")
    Round.objects.update(intervals_public=is_public)
    publication = publish(county.round, county)
    found = restored(publication.shown)
    assert found.has_intervals is is_public
    said = {word for file in pages(publication) for word in SURE if word in visible(read(publication, file))}
    assert bool(said) is is_public
    assert ("method.html#sure" in read(publication, "index.html")) is is_public
    for one in found.view.departments:
        if one.figure.score is None:
            page = visible(read(publication, f"{one.id}.html"))
            assert not any(word in page for word in SURE)


# --- any county ---------------------------------------------------------------------------------------------


BASIS = Saying("个人得分", "六", "有效评价按分值平均")


def person(number: int, figure: Figure, name: str = "") -> PublicPerson:
    return PublicPerson(f"p{number}", name or f"演示{number}", "科员", figure, BASIS)


def unit(number: int, figure: Figure, **more: Any) -> PublicDepartment:
    few = {"rank": None, "tied": False, "ranked_of": 0, "distribution": None, "strata": None}
    given = {"name": f"演示单位{number}", "group": "县直部门", "post_stratified": None, **few, **more}
    return PublicDepartment(
        id=f"d{number}", figure=figure, derivation=Node("单位得分", "六", "按文件计算"), **given
    )


def announced(*groups: PublicGroup, **more: Any) -> Announcement:
    given = {"persons_public": "all", **{k: more.pop(k) for k in ("persons_public",) if k in more}}
    return Announcement(
        title="演示评价",
        period="2026年第一季度",
        published_on=date(2026, 5, 1),
        number=1,
        document="《演示办法》",
        view=PublicView(groups, **given),
        readings=(),
        about_persons="本轮公布全部参评人员的评价结果。",
        decision="",
        facts=Facts(date(2026, 4, 1), date(2026, 4, 15), 321, 0),
        grades=GRADES,
        scale=("30", "100"),
        **more,
    )


def page(a: Announcement, file: str) -> str:
    found = page_of(a, file)
    assert found is not None
    html = found.decode()
    assert not offences(html)
    assert 'style="' not in html
    return html


SHARES = (Share("满意", 70), Share("比较满意", 20), Share("基本满意", 6), Share("不满意", 4))


@pytest.mark.parametrize("number", [1, 2, 3, 112])
def test_a_county_of_any_size_has_a_row_and_a_place_for_every_unit(number: int) -> None:
    """YC-R3"""
    units = tuple(
        unit(place, Figure(f"{99 - place % 30}.25", "优秀", "50–99"), rank=place + 1, ranked_of=number,
             distribution=SHARES, ballots="50–99", likely=Likely("60.0", "99.9", False, 1, number))
        for place in range(number)
    )  # fmt: skip
    html = page(announced(PublicGroup("县直部门", units)), "index.html")
    assert len(re.findall(r'<tr role="row" class="grade-', html)) == number
    assert ('<figure class="county">' in html) is (number > 2), "one or two dots are no picture of a county"
    assert html.count('class="chart dot"') == html.count('class="chart shares"') == number
    assert f"{number}个公布得分的单位" in visible(html)
    assert len(html) < 4000 * number + 12_000


def test_a_round_without_any_score_says_why_and_draws_nothing() -> None:
    units = (unit(1, Figure(note="样本不足")), unit(2, Figure(note="结果已送达本单位")))
    a = announced(PublicGroup("县直部门", units))
    html = page(a, "index.html")
    for word in ("样本不足", "结果已送达本单位", "不排名"):
        assert word in visible(html)
    for word in ("平均得分", "较上轮", "首次参评", "评价分布</th>", *SURE[:3]):
        assert word not in visible(html).partition("说明")[0]
    assert "<svg" not in html.partition("<main")[2]
    assert 'type="radio"' not in html, "one kind of grade needs no filter"
    for one in units:
        assert "<svg" not in page(a, f"{one.id}.html").partition("<main")[2]


def test_groups_are_compared_within_themselves_alone() -> None:
    """The middle is of the unit's own group, a change of group moves no rank."""
    first = tuple(unit(n, Figure(f"{90 + n}.00", "优秀"), rank=4 - n, ranked_of=3) for n in (1, 2, 3))
    town = unit(4, Figure("81.00", "良好"), rank=1, ranked_of=1, group="乡镇")
    moved = Past(1, "上一轮", "2025年第四季度", "县直部门", "80.00", "良好", 9, 9)
    a = announced(PublicGroup("县直部门", first), PublicGroup("乡镇", (town,)), trend={"d4": (moved,)})
    assert "公布得分的中位数92.00" in re.sub(r"\s", "", visible(page(a, "d1.html")))
    alone = visible(page(a, "d4.html"))
    assert "中位数" not in alone
    assert "+1.00" in alone
    assert not re.search(r"(上升|下降)\d+名", alone)
    index = page(a, "index.html")
    for word in ("全部4个", "优秀3个", "良好1个"):
        assert word in index
    assert index.index('id="g1"') < index.index('id="g2"')


@pytest.mark.parametrize("number", [1, 60])
def test_sections_of_one_and_of_sixty_with_rare_characters_in_names(number: int) -> None:
    """YC-R3"""
    people = tuple(person(n, Figure("92.00", "优秀", "50及以上"), f"{RARE[n % 5]}{n}") for n in range(number))
    silent = tuple(person(100 + n, Figure(note="结果已送达本人"), f"未公布{n}") for n in range(7))
    sections = (PublicSection("s1", "一科", people + silent),)
    one = unit(1, Figure("92.00", "优秀", "50–99"), name=LONG, rank=1, ranked_of=1, sections=sections)
    a = announced(PublicGroup("县直部门", (one,)))
    html = page(a, "d1-persons.html")
    for each in people:
        assert f">{each.name}</th>" in html
    assert "未公布" not in html
    assert "其余7人的结果已送达本人或样本不足。" in html
    assert f"公布{number}人的结果。其余7人" in visible(page(a, "d1.html"))
    assert LONG in page(a, "index.html")


def test_a_unit_of_which_nobody_is_listed_has_no_page_of_persons() -> None:
    """Nobody is published by elimination."""
    silent = (PublicSection("s1", "一科", (person(1, Figure(note="结果已送达本人"), "未公布"),)),)
    a = announced(PublicGroup("县直部门", (unit(1, Figure("92.00", "优秀"), sections=silent),)))
    assert page_of(a, "d1-persons.html") is None
    html = page(a, "d1.html")
    assert "未公布" not in html
    assert "d1-persons.html" not in html


def test_the_sheet_is_the_same_bytes_again_and_prints_rare_characters() -> None:
    people = tuple(person(n, Figure("92.00", "优秀", "50及以上"), f"{RARE[n]}{n}") for n in range(5))
    one = unit(
        1, Figure("92.00", "优秀", "50–99"), name=LONG, rank=1, ranked_of=1, distribution=SHARES,
        sections=(PublicSection("s1", "一科", people),), likely=Likely("90.4", "93.1", True, 1, 1),
    )  # fmt: skip
    past = Past(1, "上一轮", "2025年第四季度", "县直部门", "90.75", "优秀", 1, 1)
    a = announced(PublicGroup("县直部门", (one,)), trend={"d1": (past,)})
    found = page_of(a, "d1.pdf")
    assert found == page_of(a, "d1.pdf")
    assert found is not None
    text = "".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(found)).pages)
    text = re.sub(r"\s", "", text)
    for word in (*(each.name for each in people), LONG, "较上轮", "+1.25", "90.4至93.1分", "等次稳定"):
        assert word in text, word
    assert "2025年第四季度" in text


def of_units(*units: PublicDepartment, **more: Any) -> Announcement:
    """A scheme that judges no persons."""
    a = announced(PublicGroup("责任单位", units), **more)
    return replace(a, view=replace(a.view, judges_persons=False, unit="单位"))


def test_units_without_persons_say_where_nothing_is_sampled_and_where_something_is() -> None:
    whole = unit(1, Figure("93.50", "优秀"), rank=1, ranked_of=2, likely=Likely("93.50", "93.50", True, 1, 1))
    asked = unit(
        2, Figure("85", "良好", "20–49"), rank=2, ranked_of=2, likely=Likely("78", "91", False, 1, 2)
    )
    past = Past(1, "上一轮", "2025年", "县直部门", "84.50", "良好", 2, 2)
    a = of_units(whole, asked, trend={"d2": (past,)})
    first, second = visible(page(a, "d1.html")), visible(page(a, "d2.html"))
    assert "得分中没有按抽样评价平均的部分，不需要推算可能范围。" in first
    assert "可能范围为" not in first
    assert "首次参评" not in second
    for word in ("约+1分", "接近界线。", "78至91分", "名次可能在第1至第2名"):
        assert word in second, word
    index = page(a, "index.html")
    assert index.count('class="steady"') == 1
    assert "演示单位1，得分中没有按抽样评价平均的部分" in index
    assert "首次参评" in visible(index)
    assert "-persons.html" not in index + page(a, "d1.html")


HIDDEN = "不公布可能范围：得分含不单独公布的评价，公布范围会透露这一部分。"


def paper(a: Announcement, file: str) -> str:
    found = page_of(a, file)
    assert found is not None
    said = said_in(found) if file.endswith(".docx") else _of_pdf(found)
    return re.sub(r"\s", "", said)


def _of_pdf(content: bytes) -> str:
    return "".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_why_votes_have_no_public_range_is_said_alike_on_pages_and_papers() -> None:
    """Votes are no full count; of each shown score without a line the page and every paper say why."""
    names = ("甲局", "乙局", "丙局", "丁局")
    first, second, third, fourth = (
        unit(1, Figure("93.50", "优秀"), name=names[0], no_range=HIDDEN_PART),
        unit(2, Figure("85.00", "良好"), name=names[1], likely=Likely("85.00", "85.00", True)),
        unit(3, Figure("71", "合格", "20–49"), name=names[2], likely=Likely("64", "79", False, 3, 4)),
        unit(4, Figure(note="样本不足"), name=names[3]),
    )
    total = Node("单位成绩", "六", "", parts=(Node("单位得分", "六", "按文件计算", "93.50"),))
    a = of_units(replace(first, derivation=total), second, third, fourth)
    texts = {file: paper(a, file) for file in ("results.pdf", "board-a3.pdf", "results.docx")}
    texts["index.html"] = visible(page(a, "index.html"))
    for file, text in texts.items():
        assert f"甲局，{HIDDEN}" in text, file
        assert "乙局，得分中没有按抽样评价平均的部分，不需要推算可能范围。" in text, file
        assert not re.search("丙局，得分|丙局，不公布|丁局，不公布|丁局，得分|全数统计|没有抽样误差", text), (
            file
        )
    for file in ("d1.html", "d1.pdf"):
        assert HIDDEN in (paper(a, file) if file.endswith("pdf") else visible(page(a, file)))
    csv = (page_of(a, "results.csv") or b"").decode()
    assert HIDDEN.rstrip("。") in csv


def test_where_no_score_of_a_round_has_a_range_it_is_said_once() -> None:
    scores = (unit(n, Figure(f"9{n}.00", "优秀"), no_range=HIDDEN_PART) for n in (1, 2, 3))
    a = of_units(*scores, intervals_public=True)
    index = visible(page(a, "index.html"))
    assert index.count(f"公布得分的单位，{HIDDEN}") == 1
    assert "横线" not in index
    assert "得分有多可靠" in visible(page(a, "method.html"))
    silent = replace(a, intervals_public=False)
    assert "可能范围" not in visible(page(silent, "index.html")) + visible(page(silent, "d1.html"))


def test_pages_from_before_reasons_were_kept_call_nothing_a_full_count() -> None:
    asked = unit(1, Figure("85", "良好", "20–49"), likely=Likely("78", "91", False, 1, 2))
    a = of_units(asked, unit(2, Figure("93.50", "优秀")))
    assert "演示单位2，不公布可能范围：公布的数字不足以推算。" in visible(page(a, "index.html"))
    assert "不公布可能范围" in visible(page(a, "d2.html"))


def test_a_round_of_units_without_any_score_says_why() -> None:
    a = of_units(unit(1, Figure(note="暂不计分")), unit(2, Figure(note="样本不足")))
    html = page(a, "index.html")
    assert "<svg" not in html.partition("<main")[2]
    for word in ("暂不计分", "样本不足", "不排名"):
        assert word in visible(html)
    for file, word in (("d1.html", "缺少计分必需的一项"), ("d2.html", "不等于零分")):
        assert word in visible(page(a, file))


@pytest.mark.parametrize("judges_persons", [True, False])
def test_a_round_without_any_score_has_papers_that_say_why(*, judges_persons: bool) -> None:
    """Every file opens, and none of them says anything of how sure a score is that is not there."""
    total = Node("单位成绩", "六", "", parts=(Node("单位得分", "六", "按文件计算", "样本不足"),))
    units = tuple(
        replace(unit(n, Figure(note="样本不足"), name=f"{LONG}{n}"), derivation=total) for n in (1, 2)
    )
    a = announced(PublicGroup("责任单位", units), intervals_public=True)
    a = replace(a, view=replace(a.view, judges_persons=judges_persons))
    for file in ("results.pdf", "board-a3.pdf", "results.docx", "d1.pdf", "d1.html", "index.html"):
        text = paper(a, file) if not file.endswith("html") else visible(page(a, file))
        assert "样本不足" in text, file
        assert LONG in text, file
        assert not any(word in text.replace("得分有多可靠", "") for word in SURE), file
    assert "样本不足" in (page_of(a, "results.csv") or b"").decode()
    assert page_of(a, "results.xlsx")


@pytest.mark.parametrize("number", [1, 60])
def test_a_sheet_has_everybody_of_a_section_of_any_size(number: int) -> None:
    people = tuple(
        person(n, Figure("92.00", "优秀", "50及以上"), f"{RARE[n % 5]}{n}号") for n in range(number)
    )
    one = unit(
        1, Figure("92.00", "优秀", "50–99"), name=LONG, rank=1, ranked_of=1,
        sections=(PublicSection("s1", "一科", people),),
    )  # fmt: skip
    text = paper(announced(PublicGroup("县直部门", (one,))), "d1.pdf")
    assert all(each.name in text for each in people)
    assert text.count("一科") == 1


def test_columns_that_say_nothing_are_left_out() -> None:
    """Without a last round no change, without a distribution no picture of it, without bands no numbers."""
    one = unit(1, Figure("93.00", "优秀"), rank=1, ranked_of=1)
    head = page(announced(PublicGroup("县直部门", (one,))), "index.html").partition("<thead")[2]
    columns = re.findall(r"<th [^>]*>([^<]*)", head.partition("</thead>")[0])
    assert columns == ["名次", "单位", "得分（分）", "等次", "90至100分中的位置"]


def filters(html: str) -> dict[str, list[str]]:
    """What can be chosen without a script, by the name of the choice."""
    found: dict[str, list[str]] = {}
    pairs = re.findall(
        r'<input type="radio" name="(\w+)" id="([\w-]+)"[^>]*><label for="([\w-]+)">([^<]+)<', html
    )
    for name, key, of, words in pairs:
        assert key == of
        found.setdefault(name, []).append(words)
    return found


def test_the_page_filters_by_grade_and_by_group_without_a_script() -> None:
    """Each choice has its rule in the style sheet, whatever the number of groups."""
    style = Path("static/site/results.css").read_text(encoding="utf-8")
    groups = tuple(
        PublicGroup(
            f"第{n}组", (unit(n, Figure("93.00", "优秀") if n % 2 else Figure("83.00", "良好"), rank=1),)
        )
        for n in range(1, 10)
    )
    html = page(announced(*groups[:8]), "index.html")
    found = filters(html)
    assert found["only"] == ["全部8个", "优秀4个", "良好4个"]
    assert found["in"] == ["全部8组", *(f"第{n}组1个" for n in range(1, 9))]
    for n in range(1, 9):
        assert f"#in-{n}:checked ~ .groups > section:not(.in-{n})" in style
        assert f'<section class="in-{n} has-{0 if n % 2 else 1}"' in html
    for n in range(8):
        assert f"#only-{n}:checked" in style
    many = page(announced(*groups), "index.html")
    assert "in" not in filters(many), "more groups than the style knows are links"
    assert many.count('href="#g') == 9


def test_the_county_s_dots_carry_their_ranges_and_hide_with_their_grade() -> None:
    units = (
        unit(1, Figure("93.00", "优秀"), likely=Likely("91.0", "95.0", True, 1, 1)),
        unit(2, Figure("83.00", "良好"), likely=Likely("79.0", "87.0", False, 2, 2)),
        unit(3, Figure("73.00", "合格"), likely=Likely("73.00", "73.00", True, 3, 3)),
    )
    html = page(announced(PublicGroup("县直部门", units)), "index.html")
    picture = html.partition('<figure class="county">')[2].partition("</figure>")[0]
    marks = re.findall(r'<a href="(d\d)\.html" class="grade-(\d)"(.*?)</a>', picture)
    assert [(key, grade, "<rect" in mark) for key, grade, mark in marks] == [
        ("d1", "0", True),
        ("d2", "1", True),
        ("d3", "2", False),
    ]
    assert "可能范围79.0至87.0分" in picture


def test_one_number_of_answers_for_all_is_said_once() -> None:
    same = tuple(unit(n, Figure("93.00", "优秀", "50及以上"), rank=n) for n in (1, 2))
    html = page(announced(PublicGroup("县直部门", same)), "index.html")
    assert "各单位的有效评价均为50人次及以上。" in visible(html)
    assert html.count("50及以上") == 0
    other = (*same, unit(3, Figure("83.00", "良好", "20–49"), rank=3))
    html = page(announced(PublicGroup("县直部门", other)), "index.html")
    assert "均为" not in visible(html)
    assert html.count("50及以上") == 2


def test_a_first_round_says_that_there_is_nothing_to_compare() -> None:
    first = announced(PublicGroup("县直部门", (unit(1, Figure("93.00", "优秀")),)), method={"scales": []})
    past = Past(1, "上一轮", "2025年", "县直部门", "84.50", "良好", 2, 2)
    words = "此前没有公布过同一方案的结果"
    assert words in visible(page(first, "index.html"))
    assert words not in visible(page(replace(first, trend={"d1": (past,)}), "index.html"))


def beside(a: Announcement, file: str) -> str:
    """The words of the second column of a unit's page."""
    return re.sub(r"\s", "", visible("<main" + page(a, file).partition('<h2 id="trend"')[2]))


def test_the_second_column_of_a_unit_is_never_empty() -> None:
    """Without a round before it says since when there will be a line, without a middle why there is none."""
    alone = announced(PublicGroup("县直部门", (unit(1, Figure("93.00", "优秀")),)), method={"scales": []})
    words = beside(alone, "d1.html")
    assert "2026年第一季度是本单位第一次公布结果" in words
    assert "公布得分的单位不足3个，不作比较。" in words
    silent = announced(PublicGroup("县直部门", (unit(1, Figure(None, "优秀")),)), method={"scales": []})
    assert "本轮没有公布得分，不列历轮得分。" in beside(silent, "d1.html")
    three = tuple(unit(n, Figure(f"{90 + n}.00", "优秀")) for n in (1, 2, 3))
    found = announced(PublicGroup("县直部门", three))
    for key, apart in (("d1", "低1.00分"), ("d2", "相同"), ("d3", "高1.00分")):
        assert f"相差{apart}" in beside(found, f"{key}.html")
    coarse = announced(PublicGroup("县直部门", (unit(9, Figure("95", "优秀")), *three)))
    assert "相差约高2分" in beside(coarse, "d9.html")


def test_a_split_by_voters_says_once_what_is_alike_and_why_it_is_whole() -> None:
    rows = (StratumFigure("民营企业", "67", "50及以上"), StratumFigure("个体工商户", "68", "50及以上"))
    one = unit(1, Figure("67.34", "一般", "200–499"), strata=rows)
    words = visible(page(announced(PublicGroup("县直部门", (one,))), "d1.html"))
    assert "各类的有效评价均为50人次及以上。为保护评价人，分类的平均分一律取整数公布。" in words
    assert words.count("50及以上") == 0
    other = replace(one, strata=(rows[0], StratumFigure("个体工商户", "68", "20–49")))
    html = page(announced(PublicGroup("县直部门", (other,))), "d1.html")
    assert "50及以上" in html
    assert "均为50人次" not in visible(html)
