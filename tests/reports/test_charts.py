"""What charts of results draw and say: places on the scale, changes, trends, the middle of a group."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.template import Context, Template

from evaluations.publication import Figure, PublicDepartment, PublicGroup, PublicView, Share
from evaluations.publication.view import Likely, Node
from office.shades import COLORS, WORDS
from reports.results import charts
from reports.results.announcement import Announcement, Past
from reports.results.sheet import board_html

SVG = "{http://www.w3.org/2000/svg}"
GRADES = (("优秀", "90"), ("良好", "80"), ("合格", "70"), ("一般", "60"), ("不合格", "30"))


def unit(key: str, score: str | None = None, grade: str | None = None, **more: Any) -> PublicDepartment:
    blank = {"rank": None, "tied": False, "ranked_of": 0, "distribution": None, "strata": None}
    found = {"name": f"演示单位{key}", "group": "县直部门", "post_stratified": None, **blank, **more}
    return PublicDepartment(id=key, figure=Figure(score, grade), derivation=Node("", "", ""), **found)


def past(score: str | None, rank: int | None = None, **more: Any) -> Past:
    of = {"publication": 1, "title": "上一轮", "period": "2025年第四季度", "group": "县直部门"}
    return Past(**{**of, "score": score, "rank": rank, **more})


def announced(
    *units: PublicDepartment, scale: tuple[str, str] = ("30", "100"), **trend: tuple[Past, ...]
) -> Announcement:
    view = PublicView((PublicGroup("县直部门", units),), "none")
    return Announcement(
        title="演示",
        period="2026年第一季度",
        published_on=date(2026, 5, 1),
        number=1,
        document="",
        view=view,
        readings=(),
        about_persons="",
        decision="",
        trend=trend,
        grades=GRADES,
        scale=scale,
    )


def drawn(template: str, **context: Any) -> ET.Element:
    html = Template("{% load charts %}" + template).render(Context(context))
    return ET.fromstring(html)  # noqa: S314 - our own drawing


def texts(picture: ET.Element) -> list[str]:
    return [node.text or "" for node in picture.iter(f"{SVG}text")]


# --- the scale ----------------------------------------------------------------------------------------------


def test_the_scale_begins_at_the_ten_below_everything_that_is_shown() -> None:
    """Of scores, of what they may be, and of comparable rounds before."""
    assert charts.Axis.of(announced(unit("d1", "85.00"))).ends == ("80", "100")
    low = unit("d1", "85.00", likely=Likely("79.9", "90.1"))
    assert charts.Axis.of(announced(low)).ends == ("70", "100")
    before = announced(unit("d1", "85.00"), d1=(past("61.20"),))
    assert charts.Axis.of(before).ends == ("60", "100")
    other = announced(unit("d1", "85.00"), d1=(past("61.20", is_comparable=False),))
    assert charts.Axis.of(other).ends == ("80", "100")


@pytest.mark.parametrize(
    ("units", "scale", "ends"),
    [
        ((), ("30", "100"), ("30", "100")),  # a round without any score
        ((unit("d1"),), ("0", "1"), ("0", "1")),
        ((unit("d1", "100.00"),), ("30", "100"), ("90", "100")),
        ((unit("d1", "104.00"),), ("0", "100"), ("100", "104")),  # extra marks beyond the full ones
        ((unit("d1", "-3.00"),), ("0", "100"), ("-10", "100")),
    ],
)
def test_any_scores_fit_on_the_scale(
    units: tuple[PublicDepartment, ...], scale: tuple[str, str], ends: tuple[str, str]
) -> None:
    axis = charts.Axis.of(announced(*units, scale=scale))
    assert axis.ends == ends
    assert axis.low < axis.high
    for one in units:
        if one.figure.score:
            assert 0 <= axis.place(float(one.figure.score)) <= 100


def test_grades_fill_the_scale_without_gap_from_the_worst_that_is_drawn() -> None:
    bands = charts.Axis.of(announced(unit("d1", "72.00"))).bands
    assert [one.grade for one in bands] == ["合格", "良好", "优秀"]
    assert (bands[0].left, bands[-1].right) == (0, 100)
    assert all(one.right == other.left and one.is_dark != other.is_dark for one, other in pairwise(bands))


# --- the county at a glance ---------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 24, 112])
def test_every_shown_unit_is_a_dot_and_none_hides_another(number: int) -> None:
    """YC-R3"""
    units = [unit(f"d{place}", f"{80 + place % 20}.{place % 90 + 10}") for place in range(number)]
    a = announced(*units, unit("silent"), unit("graded", None, "良好"))
    found = charts.county(charts.Axis.of(a), a.view.groups[0])
    assert {one.id for one in found.marks} == {one.id for one in units}
    assert found.hidden == 2
    assert all(0 <= one.at <= 100 and one.above < found.height for one in found.marks)
    for place, one in enumerate(found.marks):
        for other in found.marks[:place]:
            assert one.above != other.above or abs(one.at - other.at) >= charts.DOT


def test_units_of_one_score_are_stacked_and_stay_in_the_picture() -> None:
    a = announced(*(unit(f"d{place}", "88.00") for place in range(20)))
    found = charts.county(charts.Axis.of(a), a.view.groups[0])
    assert sorted(one.above for one in found.marks) == [place * charts.LANE for place in range(20)]
    assert found.height > max(one.above for one in found.marks)


def test_the_picture_of_the_county_says_in_words_what_it_shows() -> None:
    a = announced(unit("d1", "93.00", "优秀"), unit("d2", "85.00", "良好"), unit("d3", None, "良好"))
    picture = drawn("{% county_chart axis group %}", axis=charts.Axis.of(a), group=a.view.groups[0])
    svg = next(picture.iter(f"{SVG}svg"))
    assert svg.get("aria-label") == "县直部门各单位得分：优秀1个，良好2个"
    assert [node.text for node in svg.iter(f"{SVG}title")] == ["演示单位d1 93.00分", "演示单位d2 85.00分"]
    assert {"优秀", "良好", "90", "80分", "100分"} <= set(texts(svg))
    assert "另有1个没有公布得分，不在图中。" in "".join(picture.itertext())


def test_names_of_units_are_escaped_in_pictures() -> None:
    a = announced(unit("d1", "93.00", name='<script>"&喆堃玥璟翀'))
    picture = drawn("{% dot_chart axis one %}", axis=charts.Axis.of(a), one=a.view.departments[0])
    assert picture.get("aria-label") == '<script>"&喆堃玥璟翀93.00分'


def test_an_interval_is_a_line_around_its_dot_and_none_where_nothing_is_uncertain() -> None:
    sure, unsure = (
        unit("d1", "93.00", likely=Likely("93.0", "93.0")),
        unit("d2", "85.00", likely=Likely("83.1", "86.7")),
    )
    axis = charts.Axis.of(announced(sure, unsure))
    for one, words in ((sure, "演示单位d193.00分"), (unsure, "演示单位d285.00分，可能范围83.1至86.7分")):
        assert drawn("{% dot_chart axis one %}", axis=axis, one=one).get("aria-label") == words
    marks = [charts.mark(axis, one) for one in (sure, unsure)]
    assert marks[0] is not None
    assert marks[0].left is None
    assert marks[1] is not None
    assert marks[1].left is not None
    assert marks[1].right is not None
    assert marks[1].left < marks[1].at < marks[1].right
    assert charts.mark(axis, unit("d3", None, "良好")) is None


# --- distributions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mix", [(62, 27, 7, 4), (100, 0, 0, 0), (0, 0, 0, 100), (95, 3, 1, 1), (2, 3, 5, 90)]
)
@pytest.mark.parametrize("size", ["", "narrow", "wide"])
def test_a_distribution_fills_its_width_and_says_every_share_in_words(
    mix: tuple[int, ...], size: str
) -> None:
    shares = [Share(w, p) for w, p in zip(("满意", "比较满意", "基本满意", "不满意"), mix, strict=True)]
    picture = drawn("{% shares_chart shares size %}", shares=shares, size=size)
    pieces = [
        (float(node.get("x", "")[:-1]), float(node.get("width", "")[:-1]))
        for node in picture.iter(f"{SVG}rect")
    ]
    assert [width for _, width in pieces] == [one.percent for one in shares if one.percent]
    assert all(left + width == following for (left, width), (following, _) in pairwise(pieces))
    assert picture.get("aria-label") == "评价分布：" + "，".join(
        f"{one.choice}{one.percent}%" for one in shares
    )
    assert "style" not in {name for node in picture.iter() for name in node.attrib}


@pytest.mark.parametrize(("size", "narrowest"), [("", 231), ("narrow", 100), ("wide", 288)])
@pytest.mark.parametrize("mix", [(24, 26, 30, 20), (14, 13, 29, 44), (9, 8, 31, 52)])
def test_a_percentage_stands_only_where_it_fits(mix: tuple[int, ...], size: str, narrowest: int) -> None:
    """In the narrowest bar of its kind: in a table of a phone, on a sheet of paper, on a unit's page."""
    shares = [Share(w, p) for w, p in zip(("满意", "比较满意", "基本满意", "不满意"), mix, strict=True)]
    picture = drawn("{% shares_chart shares size %}", shares=shares, size=size)
    for node in picture.iter(f"{SVG}text"):
        *_, percent = (node.text or "").split()
        long = sum(13 if ord(sign) > 0x2E80 else 8 for sign in node.text or "")
        assert long <= int(percent[:-1]) * narrowest / 100


def test_an_interval_is_drawn_higher_than_its_dot() -> None:
    one = unit("d2", "85.00", likely=Likely("84.9", "85.2"))
    for size in ("", "tall"):
        picture = drawn(
            "{% dot_chart axis one size %}", axis=charts.Axis.of(announced(one)), one=one, size=size
        )
        (circle,) = picture.iter(f"{SVG}circle")
        *_, interval = picture.iter(f"{SVG}rect")
        assert float(interval.get("height", "0")) > 2 * float(circle.get("r", "0"))


@pytest.mark.parametrize("size", ["A4", "A3"])
def test_a_board_has_a_key_of_colors_and_a_named_scale(size: str) -> None:
    shares = (Share("满意", 60), Share("不满意", 40))
    a = announced(unit("d1", "72.50", "合格", distribution=shares), unit("d2", "91.00", "优秀"))
    head = re.search(r"<thead>.*?</thead>", board_html(a, size, county="演示县"), re.DOTALL)
    assert head
    for words in ("合格", "良好", "优秀", "70", "80", "90", "100"):
        assert f">{words}</text>" in head[0]
    for word in ("满意", "不满意"):
        assert f'fill="{COLORS[WORDS[word]]}"' in head[0]


# --- change since the last round ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "said", "is_better"),
    [
        ("85.00", "86.25", "+1.25", True),
        ("86.25", "85.00", "−1.25", False),
        ("85.00", "85.00", "持平", None),
        ("85.00", "85.01", "+0.01", True),
        ("85", "86.25", "约+1", True),
        ("86.25", "85", "约−1", False),
        ("85", "85.50", "约+1", True),  # a half is rounded as everywhere
        ("85", "87.50", "约+3", True),
        ("85", "85.49", "大致持平", None),
        ("85.25", "85", "大致持平", None),
        ("85", "85", "持平", None),
        ("85", "88", "约+3", True),
    ],
)
def test_a_change_is_as_fine_as_the_coarser_of_two_scores(
    before: str, now: str, said: str, is_better: bool | None
) -> None:
    """YC-R3: a whole number is no exact one, and neither is its distance to another."""
    one = unit("d1", now)
    found = charts.change(announced(one, d1=(past("12.00"), past(before))), one)
    assert (found.score, found.is_better, found.is_first) == (said, is_better, False)


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [(5, 3, "上升2名"), (3, 5, "下降2名"), (4, 4, "名次未变"), (None, 3, ""), (3, None, "")],
)
def test_a_change_of_rank_is_said_where_both_are_shown(
    before: int | None, now: int | None, said: str
) -> None:
    one = unit("d1", "85.00", rank=now)
    assert charts.change(announced(one, d1=(past("84.00", before),)), one).rank == said


@pytest.mark.parametrize(
    ("last", "score", "rank"),
    [
        (past("84.00", 5, group="乡镇"), "+1.00", ""),
        (past("84.00", 5, is_comparable=False), "", ""),
        (past(None, 5), "", ""),
    ],
)
def test_nothing_is_compared_over_other_groups_other_rules_or_what_is_not_shown(
    last: Past, score: str, rank: str
) -> None:
    one = unit("d1", "85.00", rank=3)
    found = charts.change(announced(one, d1=(last,)), one)
    assert (found.score, found.rank, found.is_first) == (score, rank, False)
    silent = unit("d1", None, "良好", rank=3)
    assert not charts.change(announced(silent, d1=(past("84.00", 5),)), silent).score


def test_a_unit_without_a_round_before_takes_part_for_the_first_time() -> None:
    one = unit("d1", "85.00", rank=3)
    assert charts.change(announced(one, d2=(past("84.00"),)), one).is_first


# --- trend, middle, mean ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rounds", [2, 3, 4, 7, 13])
def test_a_trend_has_a_point_for_every_comparable_round_and_words_that_do_not_overlap(rounds: int) -> None:
    one = unit("d1", "85.00")
    earlier = tuple(
        past(f"{80 + place}.50", period=f"20{10 + place}年第三季度") for place in range(rounds - 1)
    )
    skipped = (past(None), past("40.00", is_comparable=False))
    found = charts.trend(announced(one, d1=(*skipped, *earlier)), one)
    assert found is not None
    assert [point.score for point in found.points] == [*(row.score for row in earlier), "85.00"]
    assert all(0 <= point.x <= 100 and 20 <= point.y <= found.height - 30 for point in found.points)
    picture = drawn("{% trend_chart trend %}", trend=found)
    assert all(f"{point.label}{point.score}分" in picture.get("aria-label", "") for point in found.points)
    narrow = 343  # what a phone of 375 has
    for size in ("14", "13"):
        spans = [span(node, narrow) for node in picture.iter(f"{SVG}text") if node.get("font-size") == size]
        assert all(one[1] <= other[0] for one, other in pairwise(spans)), size
        assert spans[0][0] >= 0
        assert spans[-1][1] <= narrow


def span(node: ET.Element, width: int) -> tuple[float, float]:
    """From where to where words reach in a picture of that width."""
    at = float(node.get("x", "0").rstrip("%")) * width / 100
    size = int(node.get("font-size", "0"))
    long = sum(size if ord(sign) > 0x2E80 else size * 0.6 for sign in node.text or "")
    left = at - long * {"start": 0, "middle": 0.5, "end": 1}[node.get("text-anchor", "start")]
    return left, left + long


def test_no_trend_is_drawn_of_one_score_or_of_a_unit_that_shows_none() -> None:
    shown, silent = unit("d1", "85.00"), unit("d1", None, "良好")
    assert charts.trend(announced(shown), shown) is None
    assert charts.trend(announced(shown, d1=(past(None),)), shown) is None
    assert charts.trend(announced(silent, d1=(past("84.00"), past("83.00"))), silent) is None


@pytest.mark.parametrize(
    ("scores", "middle"),
    [
        (["85.00", "86.00"], None),
        (["85.00", "86.00", None, None], None),
        (["85.00", "91.00", "86.00"], Fraction(86)),
        (["85.00", "91.00", "86.00", "87.00", None], Fraction(173, 2)),
    ],
)
def test_the_middle_of_a_group_is_of_shown_scores_and_at_least_three(
    scores: list[str | None], middle: Fraction | None
) -> None:
    units = [unit(f"d{place}", score) for place, score in enumerate(scores)]
    a = announced(*units)
    assert charts.middle(a, units[0]) == middle


def test_the_mean_of_a_round_without_any_score_is_none() -> None:
    assert charts.mean(announced(unit("d1"), unit("d2", None, "良好")).shown_scores) is None
    assert charts.mean(announced(unit("d1", "80.00"), unit("d2")).shown_scores) == 80
