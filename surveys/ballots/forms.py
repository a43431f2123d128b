"""The frozen form: its canonical text, its fingerprint, its cells in order.

The page (frontend/src/canonical.js, form.js) does the same; tests compare both with one example.
"""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from surveys.ballots.encoding import ALPHABET, Malformed, from_b64, to_symbols
from surveys.ballots.shapes import misfit
from surveys.ballots.slips import KEY_ID_LENGTH

Json = dict[str, Any]

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}\Z")
_SURVEY_ID = re.compile(r"[a-z0-9-]{1,40}\Z")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_FINGERPRINT_SYMBOLS = 26  # the fewest that hold 128 bits
FEWEST_CHOICES = 2
MOST_CHOICES = 250  # a choice is one byte in the sealed ballot
MOST_CHARACTERS = 10_000  # of comments in one ballot
PANEL = {"id", "stratum", "name", "step", "words"}
TONES = ("best", "good", "fair", "poor", "none")
_QUESTIONS = [{"id": str}]
_KEYS = [{"id": str, "stratum": str, "n": object}]
_FORM = {
    "choices": [{"word": str, "tone": str, "unknown": bool, "added?": bool}],
    "comment_cap": int,
    "departments": [
        {
            "id": str,
            "name": str,
            "questions": _QUESTIONS,
            "sections": [{"id": str, "questions": _QUESTIONS, "persons": [{"id": str, "name": str}]}],
        }
    ],
    "groups?": [{"id": str, "name": object}],
    "panels?": [{"id": str, "stratum": str, "name": str, "words": [str]}],
}


class FormFault(ValueError):  # noqa: N818 - says what it is
    """The form cannot be frozen; the message says why, in Chinese."""


class Cell(NamedTuple):
    """One question on one subject: one byte in every ballot."""

    subject_kind: str  # "department" or "person"
    department: str
    section: str
    person: str
    question: str

    @property
    def subject(self) -> str:
        return self.person or self.department


def canonical(value: object) -> str:
    """JSON with sorted keys, without blanks, floats or null: one text per value. Raises FormFault."""
    _refuse_inexact(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _refuse_inexact(value: object) -> None:
    if isinstance(value, dict):
        if not all(isinstance(name, str) and name.isascii() for name in value):
            raise FormFault("表单的字段名须为英文字母。")
        for part in value.values():
            _refuse_inexact(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            _refuse_inexact(part)
    elif isinstance(value, bool) or (isinstance(value, int) and abs(value) < 2**53):
        return
    elif not isinstance(value, str) or any("\ud800" <= symbol <= "\udfff" for symbol in value):
        raise FormFault("表单只能包含文字、整数、是非值、列表和对象。")


def form_hash(public: Json) -> bytes:
    """32 bytes over survey, all issuer keys, tally key, box key and form."""
    return sha256(b"sanliang/form/1|" + canonical(public).encode("utf-8")).digest()


def fingerprint(public: Json) -> str:
    """`fp`: the first 128 bits, in 26 symbols, as printed on slips and posted in the hall."""
    return to_symbols(int.from_bytes(form_hash(public)[:16], "big"), _FINGERPRINT_SYMBOLS)


def cells(form: Json) -> list[Cell]:
    """All cells in the order of the form: the department's own questions, then its persons'."""
    return list(_walk(form))


def places_of_departments(form: Json) -> dict[str, list[int]]:
    """{department: the places of its cells}."""
    found: dict[str, list[int]] = {}
    for place, cell in enumerate(cells(form)):
        found.setdefault(cell.department, []).append(place)
    return found


def judges_units(form: Json) -> bool:
    """Whether units are rated as wholes, listed by peer group, instead of persons of departments."""
    return "groups" in form


def sheets(form: Json) -> list[Json]:
    """What one sheet of paper asks about: a department with its persons, or the units of a peer group."""
    departments = form["departments"]
    if not judges_units(form):
        return [{"id": one["id"], "name": one["name"], "departments": [one]} for one in departments]
    return [
        {**group, "departments": [one for one in departments if one["group"] == group["id"]]}
        for group in form["groups"]
    ]


def _walk(form: Json) -> Iterator[Cell]:
    for department in form["departments"]:
        for question in department["questions"]:
            yield Cell("department", department["id"], section="", person="", question=question["id"])
        for section in department["sections"]:
            for person in section["persons"]:
                for question in section["questions"]:
                    yield Cell(
                        subject_kind="person",
                        department=department["id"],
                        section=section["id"],
                        person=person["id"],
                        question=question["id"],
                    )


def words(form: Json) -> list[str]:
    """The choices' words in order; a cell stores the index in this list, from 1."""
    return [choice["word"] for choice in form["choices"]]


def unknown_word(form: Json) -> str:
    return str(next(choice["word"] for choice in form["choices"] if choice["unknown"]))


def known(form: Json) -> list[bool]:
    """Of each word whether it says anything: all but 不了解情况."""
    return [not choice["unknown"] for choice in form["choices"]]


def check_public(public: Json) -> None:
    """Refuse (FormFault) a form or keys that the page and the count could read differently."""
    names = set(public) if isinstance(public, dict) else set()
    if names - {"counts_key"} != {"survey", "keys", "tally_key", "box_key", "form"}:
        raise FormFault("表单缺少内容或含有多余内容。")
    _check_keys(public)
    check_form(public["survey"], public["form"])
    strata = {key["stratum"] for key in public["keys"]}
    if "panels" in public["form"] and {one["stratum"] for one in public["form"]["panels"]} != strata:
        raise FormFault("每个评议组须有自己的票种。")
    canonical(public)


def check_form(survey: object, form: Json) -> None:
    """Refuse (FormFault) a form before any key is generated for it."""
    canonical(form)
    if not isinstance(survey, str) or not _SURVEY_ID.match(survey):
        raise FormFault("评价编号只能用小写字母、数字和连字符，最多40位。")
    _refuse_misfit(form, _FORM)
    _check_choices(form)
    _check_form(form)


def _refuse_misfit(value: object, shape: object) -> None:
    place = misfit(value, shape)
    if place is not None:
        raise FormFault(f"表单结构不完整：{place or 'form'}。")


def _check_keys(public: Json) -> None:
    _refuse_misfit(public["keys"], _KEYS)
    ids = [key["id"] for key in public["keys"]]
    if ids != sorted(set(ids)) or not ids:
        raise FormFault("票种须按编号排列且不重复，至少一个。")
    if any(len(key_id) != KEY_ID_LENGTH or set(key_id) - set(ALPHABET) for key_id in ids):
        raise FormFault("票种编号须为4位票码字符。")
    strata = [key["stratum"] for key in public["keys"]]
    if len(strata) != len(set(strata)):
        raise FormFault("同一类市场主体只能有一个票种。")
    try:
        for key in public["keys"]:
            from_b64(key["n"], 256)
        for name in ("tally_key", "box_key", "counts_key"):
            if name in public or name != "counts_key":  # earlier versions had no signed counts
                from_b64(public[name], 32)
    except Malformed as fault:
        raise FormFault("公钥格式不正确，请重新生成。") from fault


def _check_choices(form: Json) -> None:
    labels = words(form)
    if len(labels) != len(set(labels)) or not FEWEST_CHOICES <= len(labels) <= MOST_CHOICES:
        raise FormFault("评价档次不能重复，至少两个。")
    if sum(choice["unknown"] for choice in form["choices"]) != 1:
        raise FormFault("评价档次中须有且只有一个“不了解情况”选项。")
    if any(choice.get("added") and not choice["unknown"] for choice in form["choices"]):
        raise FormFault("只有“不评”一档可以不出自评价方案。")
    if any(choice["tone"] not in TONES for choice in form["choices"]):
        raise FormFault("评价档次的颜色名称不正确。")


def _check_form(form: Json) -> None:
    if "photos" in form and not _are_digested(form["photos"]):
        raise FormFault("照片的校验值格式不正确。")
    if not 0 <= form["comment_cap"] <= MOST_CHARACTERS:
        raise FormFault("文字意见上限须在0至10000字之间。")
    found = cells(form)
    if not found:
        raise FormFault("评价表中没有评价对象。")
    if len(found) != len({(cell.subject, cell.question) for cell in found}):
        raise FormFault("同一评价对象的同一问题出现了两次。")
    departments = {cell.department for cell in found}
    persons = {cell.person for cell in found if cell.person}
    if len(departments) != len(form["departments"]) or departments & persons:
        raise FormFault("部门和人员的编号不能重复，每个部门至少有一名评价对象。")
    if judges_units(form):
        _check_groups(form, departments)
    if "panels" in form:
        _check_panels(form)
    ids = [name for cell in found for name in (cell.department, cell.question)]
    ids += [name for cell in found if cell.subject_kind == "person" for name in (cell.section, cell.person)]
    if not all(map(_ID.match, ids)):
        raise FormFault("编号只能用字母、数字、下划线和连字符，最多40位。")


def _are_digested(photos: object) -> bool:
    return (
        isinstance(photos, dict)
        and set(photos) == {"digest", "kb"}
        and misfit(photos, {"digest": str, "kb": int}) is None
        and bool(_DIGEST.match(photos["digest"]))
    )


def _check_groups(form: Json, units: set[str]) -> None:
    groups = [group["id"] for group in form["groups"]]
    if len(groups) != len(set(groups)) or set(groups) & units or not all(map(_ID.match, groups)):
        raise FormFault("系列（分组）的编号不能重复。")
    if any(set(group) != {"id", "name"} or not isinstance(group["name"], str) for group in form["groups"]):
        raise FormFault("系列（分组）只有编号和名称。")
    if misfit(form["departments"], [{"group": str}]) or {one["group"] for one in form["departments"]} != set(
        groups
    ):
        raise FormFault("每个评价单位须属于一个系列（分组），每个系列至少有一个评价单位。")
    if any(one["sections"] for one in form["departments"]):
        raise FormFault("只评单位的评价表不能列科室和人员。")


def _check_panels(form: Json) -> None:
    """Every voter gives every unit one mark; the panel of a voter is known by the key alone."""
    panels = form["panels"]
    ids, strata = ([one[name] for one in panels] for name in ("id", "stratum"))
    marks = {choice["word"] for choice in form["choices"] if not choice["unknown"]}
    if (
        not panels
        or len(set(ids)) < len(ids)
        or len(set(strata)) < len(strata)
        or not all(map(_ID.match, ids))
    ):
        raise FormFault("评议组的编号和评价人类别不能重复，至少一个。")
    if any(set(one) != PANEL for one in panels):
        raise FormFault("评议组只有编号、评价人类别、名称、最小分值和可用的分数。")
    for one in panels:
        if not one["words"] or len(set(one["words"])) < len(one["words"]) or not set(one["words"]) <= marks:
            raise FormFault(f"{one['name']}的分值须出自评价档次，不能重复。")
    if not judges_units(form) or any(len(one["questions"]) != 1 for one in form["departments"]):
        raise FormFault("打分的评价表只评单位，每个单位一个分数。")
