"""The frozen form: one text, one fingerprint, one order of cells on both sides."""

from collections.abc import Callable
from typing import Any

import pytest

from surveys.ballots import forms
from tests.kit import ballot_form


def test_the_fingerprint_equals_the_one_the_page_computes() -> None:
    # frontend/test/form.test.js holds the same example.
    example = {"survey": "s", "keys": [], "form": {"title": "评价\u2028"}}
    assert forms.fingerprint(example) == "CVAXXDBVTBNF7WYA6VEKB4MZ85"


def test_the_canonical_text_sorts_names_and_keeps_chinese() -> None:
    value = {"b": [True, 1, '引"号\n\x1f'], "a": {}}
    assert forms.canonical(value) == '{"a":{},"b":[true,1,"引\\"号\\n\\u001f"]}'


@pytest.mark.parametrize("inexact", [1.5, None, 2**53, "\ud800", {"键": 1}, {1: 2}, b"x"])
def test_a_value_two_languages_could_write_differently_is_refused(inexact: object) -> None:
    with pytest.raises(forms.FormFault):
        forms.canonical({"a": [inexact]})


def test_any_change_of_a_key_or_the_form_changes_the_fingerprint() -> None:
    prints = {forms.fingerprint(ballot_form.public())}
    for change in (
        lambda public: public["keys"][0].update(n="AA"),
        lambda public: public.update(tally_key="AA"),
        lambda public: public.update(box_key="AA"),
        lambda public: public.update(survey="other"),
        lambda public: public["form"]["departments"][2]["sections"][0]["persons"][1].update(
            name="示例另一人"
        ),
    ):
        public = ballot_form.public()
        change(public)
        prints.add(forms.fingerprint(public))
    assert len(prints) == 6


def test_cells_stand_in_form_order_with_the_departments_own_questions_first() -> None:
    form = ballot_form.form(departments=2, persons=2)
    form["departments"][1]["questions"] = [{"id": "whole", "text": "总体"}]
    subjects = [(cell.subject_kind, cell.subject, cell.question) for cell in forms.cells(form)]
    assert subjects == [
        ("person", "d1p1", "overall"),
        ("person", "d1p2", "overall"),
        ("department", "d2", "whole"),
        ("person", "d2p1", "overall"),
        ("person", "d2p2", "overall"),
    ]
    assert forms.unknown_word(form) == "不了解情况"


def test_the_sample_form_is_accepted() -> None:
    forms.check_public(ballot_form.public())


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda public: public.update(extra=1), "多余内容"),
        (lambda public: public.update(survey="评价一"), "评价编号"),
        (lambda public: public.update(keys=[]), "至少一个"),
        (lambda public: public["keys"].reverse(), "按编号排列"),
        (lambda public: public["keys"][0].update(id="K7M0"), "票码字符"),
        (lambda public: public["keys"][1].update(stratum="民营企业"), "同一类市场主体"),
        (lambda public: public["keys"][0].update(n="=="), "公钥格式"),
        (lambda public: public["form"].pop("choices"), "结构不完整"),
        (lambda public: public["form"]["choices"].append(public["form"]["choices"][0]), "不能重复"),
        (lambda public: public["form"]["choices"][0].update(unknown=True), "有且只有一个"),
        (lambda public: public["form"]["choices"][0].update(tone="pink"), "颜色"),
        (lambda public: public["form"].update(comment_cap=10_001), "文字意见上限"),
        (lambda public: public["form"].update(departments=[]), "没有评价对象"),
        (lambda public: public["form"]["departments"][1].update(id="d1"), "编号不能重复"),
        (lambda public: public["form"]["departments"][0].update(id="d2p1"), "编号不能重复"),
        (lambda public: public["form"]["departments"][0].update(id="第一"), "编号只能用"),
        (lambda public: public["form"]["departments"][0].update(sections=[]), "至少有一名"),
    ],
)
def test_a_form_the_two_sides_could_misread_is_refused(
    break_it: Callable[[dict[str, Any]], Any], said: str
) -> None:
    public = ballot_form.public()
    break_it(public)
    with pytest.raises(forms.FormFault, match=said):
        forms.check_public(public)


@pytest.mark.parametrize("key", ["", "AA"])
@pytest.mark.parametrize("name", ["n", "tally_key", "box_key"])
def test_an_empty_or_short_key_is_refused(name: str, key: str) -> None:
    public = ballot_form.public()
    (public["keys"][0] if name == "n" else public)[name] = key
    with pytest.raises(forms.FormFault, match="公钥格式"):
        forms.check_public(public)
