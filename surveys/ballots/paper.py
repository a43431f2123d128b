"""Paper ballots in the bundle (纸质票): `paper.json`, its numbers open, its sheets sealed to the tally key.

One slip buys one packet: a sheet for each department (annex 3 of 郓政办发〔2023〕10号), or for each peer
group where units are rated. A sheet shows its stratum and its department (or group), never its packet; its
number is assigned only after the box is mixed.

{"format", "packets": {key id: slips exchanged}, "groups": [{"keys", "sheets": {department: n}}], "sealed"}
The sealed part: {"survey", "sheets": [sheet in the order of the random numbers]}. Strata with fewer than
ten packets share a group, so that the open numbers are never those of a few voters.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from surveys.ballots import forms, marks, plain_json
from surveys.ballots.bundle import PAPER, Bundle, BundleFault
from surveys.ballots.encoding import Malformed, from_b64, to_b64
from surveys.ballots.forms import Json
from surveys.ballots.paper_notation import Notation
from surveys.ballots.sealing import Opener, Spoiled, seal
from surveys.ballots.shapes import MORE_THAN_ANY

LEAST_PACKETS = 10
VALID, SPOILED, SET_ASIDE = "valid", "spoiled", "set_aside"
KINDS = (VALID, SPOILED, SET_ASIDE)
CHANGED = "纸质票录入内容不完整或已被改动，请使用评价中心导出的原件。"


class Sheet(NamedTuple):
    """One sheet as entered. `marks`: one key (`paper_notation`) for each cell of the sheet, in its order.

    `department` is the id of the sheet (`forms.sheets`): of a peer group where units are rated. A spoiled
    sheet (废票) counts as 不了解情况 throughout; one set aside (剔除) is not a voter's sheet.
    """

    number: str
    key: str
    department: str
    kind: str
    marks: str
    matter: str = ""
    suggestion: str = ""


@dataclass
class Pooled:
    """What the packets add to the count of the electronic ballots."""

    packets: Counter[str] = field(default_factory=Counter)
    grids: dict[str, npt.NDArray[np.int64]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    comments: list[tuple[str, str, str]] = field(default_factory=list)
    touched: Counter[str] = field(default_factory=Counter)  # department → sheets that say anything of it


def cells_of(form: Json) -> dict[str, list[int]]:
    """{sheet: the places of its cells, in the form's order}."""
    places = forms.places_of_departments(form)
    return {
        sheet["id"]: [place for one in sheet["departments"] for place in places[one["id"]]]
        for sheet in forms.sheets(form)
    }


def grouped(packets: dict[str, int], *, least: int = LEAST_PACKETS) -> list[list[str]]:
    """Strata with packets; those with fewer than `least` joined to the next smallest."""
    found = [([key], number) for key, number in packets.items() if number]
    while len(found) > 1:
        found.sort(key=lambda group: (group[1], group[0]))
        (small, few), (other, more) = found[:2]
        if few >= least:
            break
        found[:2] = [(sorted(small + other), few + more)]
    return sorted(keys for keys, _ in found)


def sheets_of(groups: list[list[str]], sheets: Iterable[Sheet]) -> list[Counter[str]]:
    found: list[Counter[str]] = [Counter() for _ in groups]
    places = {key: place for place, keys in enumerate(groups) for key in keys}
    for sheet in sheets:
        if sheet.kind != SET_ASIDE and sheet.key in places:
            found[places[sheet.key]][sheet.department] += 1
    return found


def paper_member(public: Json, packets: dict[str, int], sheets: Iterable[Sheet]) -> bytes:
    listed = sorted(sheets)
    groups = grouped(packets)
    inside = {"survey": public["survey"], "sheets": [sheet._asdict() for sheet in listed]}
    plain = forms.canonical(inside).encode()
    whole = {
        "format": Notation.of(public["form"]).format,
        "packets": dict(packets),
        "groups": [
            {"keys": keys, "sheets": dict(sorted(numbers.items()))}
            for keys, numbers in zip(groups, sheets_of(groups, listed), strict=True)
        ],
        "sealed": to_b64(seal(plain, from_b64(public["tally_key"], 32))),
    }
    return forms.canonical(whole).encode()


def numbers_of(bundle: Bundle) -> Json | None:
    """The open part of `paper.json`; None if nobody voted on paper."""
    if not bundle.has(PAPER):
        return None
    try:
        found = _exactly(bundle.read(PAPER))
        _check_shape(found, bundle)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise BundleFault(CHANGED) from fault
    return dict(found)


def _exactly(content: bytes) -> Json:
    """The value of a text in its one spelling, so that everybody reads the same; raises ValueError."""
    found: Json = plain_json.parse(content)
    if forms.canonical(found).encode() != content:
        raise ValueError("another spelling")
    return found


def _check_shape(found: Json, bundle: Bundle) -> None:
    numbers = [*found["packets"].values()]
    keys = [key for group in found["groups"] for key in group["keys"]]
    for group in found["groups"]:
        numbers += group["sheets"].values()
    right = (
        set(found) == {"format", "packets", "groups", "sealed"}
        and found["format"] == Notation.of(bundle.public["form"]).format
        and isinstance(found["sealed"], str)
        and isinstance(found["groups"], list)
        and all(set(group) == {"keys", "sheets"} for group in found["groups"])
        and all(isinstance(group["keys"], list) for group in found["groups"])
        and set(found["packets"]) == set(bundle.key_ids)
        and len(keys) == len(set(keys))
        and set(keys) <= set(bundle.key_ids)
        and all(type(number) is int and 0 <= number < MORE_THAN_ANY for number in numbers)
    )
    if not right:
        raise ValueError("not such a file")


def packets_of(bundle: Bundle) -> dict[str, int]:
    numbers = numbers_of(bundle)
    return dict(numbers["packets"]) if numbers else {}


def opened(bundle: Bundle, private_key: bytes) -> list[Sheet]:
    """The sheets, opened with the tally key; raises BundleFault unless they match the open numbers."""
    numbers = numbers_of(bundle)
    if numbers is None:
        return []
    try:
        inside = _exactly(Opener(private_key).open(from_b64(numbers["sealed"])))
        sheets = [Sheet(**entry) for entry in inside["sheets"]]
        fits = (
            set(inside) == {"survey", "sheets"}
            and inside["survey"] == bundle.survey
            and isinstance(inside["sheets"], list)
            and _all_fit(bundle.public, sheets)
        )
    except (Spoiled, Malformed, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise BundleFault(CHANGED) from fault
    groups = [group["keys"] for group in numbers["groups"]]
    if not fits or [dict(one) for one in sheets_of(groups, sheets)] != [
        group["sheets"] for group in numbers["groups"]
    ]:
        raise BundleFault(CHANGED)
    _refuse_too_many(bundle, numbers["packets"], sheets)
    return sheets


def _all_fit(public: Json, sheets: list[Sheet]) -> bool:
    form = public["form"]
    cells, notation, allowed = cells_of(form), Notation.of(form), marks.allowed(public)
    numbers = [sheet.number for sheet in sheets]
    return numbers == sorted(set(numbers)) and all(
        all(isinstance(part, str) for part in sheet)
        and sheet.kind in KINDS
        and sheet.department in cells
        and (
            notation.fit(sheet.marks, len(cells[sheet.department]))
            if sheet.kind == VALID
            else not sheet.marks
        )
        and (
            not allowed
            or set(map(notation.place, notation.keys(sheet.marks))) <= set(allowed.get(sheet.key, b""))
        )
        for sheet in sheets
    )


def _refuse_too_many(bundle: Bundle, packets: dict[str, int], sheets: list[Sheet]) -> None:
    """A voter has one sheet per department: more sheets than packets cannot be counted."""
    numbers = Counter((sheet.key, sheet.department) for sheet in sheets if sheet.kind != SET_ASIDE)
    departments = {one["id"]: one["name"] for one in forms.sheets(bundle.public["form"])}
    strata = {key["id"]: key["stratum"] for key in bundle.public["keys"]}
    for (key, department), number in numbers.items():
        if number > packets.get(key, 0):
            raise BundleFault(
                f"{strata.get(key, key)}：{departments[department]}的纸质票有{number}张，"
                f"多于换领的{packets.get(key, 0)}份，不能计票。"
            )


def pool(bundle: Bundle, private_key: bytes) -> Pooled:
    """Every packet is a voter: what no sheet says is 不了解情况, like an untouched cell of a phone."""
    form = bundle.public["form"]
    sheets = opened(bundle, private_key)
    cells = cells_of(form)
    places = forms.places_of_departments(form)
    on_sheet = {sheet["id"]: [one["id"] for one in sheet["departments"]] for sheet in forms.sheets(form)}
    shape = (sum(map(len, cells.values())), len(forms.words(form)) + 1)
    found = Pooled()
    for key, number in packets_of(bundle).items():
        if number:
            found.packets[key] = number
            found.grids[key] = np.zeros(shape, dtype=np.int64)
            found.grids[key][:, 0] = number
    notation = Notation.of(form)
    says = [False, *forms.known(form)]
    for sheet in sheets:
        found.kinds["sheets"] += 1
        if sheet.kind == VALID:
            keyed = dict(zip(cells[sheet.department], notation.keys(sheet.marks), strict=True))
            _add(found, sheet, keyed, notation)
            for department in on_sheet[sheet.department]:
                found.touched[department] += any(says[notation.place(keyed[at])] for at in places[department])
        else:
            found.kinds[sheet.kind] += 1
    return found


def _add(found: Pooled, sheet: Sheet, keyed: dict[int, str], notation: Notation) -> None:
    grid = found.grids[sheet.key]
    for place, key in keyed.items():
        if choice := notation.place(key):
            grid[place, 0] -= 1
            grid[place, choice] += 1
        else:
            found.kinds["blank" if key == notation.blank else "double"] += 1
    for kind in ("matter", "suggestion"):
        if text := getattr(sheet, kind).strip():
            found.comments.append((sheet.department, kind, text))
