"""The protocol of a draw from a pool: everything that is needed to draw again, and the check of it.

It is JSON, `sanliang-pool-protocol/1`: rule, seed and how it was made, the list, sizes, quotas, who was
drawn and who is in reserve, and the replacements so far. It names members by number only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from surveys.draws.stratified import (
    RULE,
    Cell,
    CellDraw,
    Listed,
    Reserve,
    digest_of_list,
    draw,
    next_of,
    stratum_quotas,
)

FORMAT = "sanliang-pool-protocol/1"


class NotAProtocol(ValueError):  # noqa: N818 - reads as what it is
    """A file that is no protocol of a draw; says so in Chinese."""


@dataclass(frozen=True)
class Replacement:
    """Who gave way, who took the place, and why."""

    out: str
    into: str
    reason: str


@dataclass(frozen=True)
class Protocol:
    total: int
    seed: str
    reserve: Reserve
    list_hash: str
    listed: tuple[Listed, ...]
    cells: tuple[CellDraw, ...]
    replacements: tuple[Replacement, ...]


def written(
    about: Mapping[str, str],
    *,
    total: int,
    seed: str,
    reserve: Reserve,
    listed: Sequence[Listed],
    cells: Sequence[CellDraw],
) -> dict[str, Any]:
    """Put a protocol together; `about` says in words who drew what, when, where and before whom."""
    return {
        "format": FORMAT,
        "rule": RULE,
        "about": dict(about),
        "total": total,
        "seed": seed,
        "reserve": {"percent": reserve.percent, "least": reserve.least},
        "list_hash": digest_of_list(listed),
        "list": sorted([one.number, one.stratum, one.cell, one.left_out] for one in listed),
        "cells": [
            {
                "stratum": one.cell.stratum,
                "cell": one.cell.name,
                "size": one.cell.size,
                "quota": one.quota,
                "drawn": list(one.drawn),
                "reserve": list(one.reserve),
            }
            for one in cells
        ],
    }


def hash_of(protocol: Mapping[str, Any]) -> str:
    """SHA-256 of a protocol without its replacements: it stays the same however many there are."""
    kept = {name: value for name, value in protocol.items() if name != "replacements"}
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def read(text: str | bytes) -> tuple[Protocol, dict[str, Any]]:
    """Read a protocol file; return it and the JSON it was read from."""
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise NotAProtocol("文件不是抽取记录，或者已经损坏。") from error
    if not isinstance(raw, dict) or raw.get("format") != FORMAT or raw.get("rule") != RULE:
        raise NotAProtocol(f"文件不是按 {RULE} 抽取的记录（{FORMAT}）。")
    try:
        return parsed(raw), raw
    except (KeyError, TypeError, ValueError) as error:
        raise NotAProtocol("抽取记录内容不完整。") from error


def parsed(raw: Mapping[str, Any]) -> Protocol:
    return Protocol(
        total=_number(raw["total"]),
        seed=_text(raw["seed"]),
        reserve=Reserve(_number(raw["reserve"]["percent"]), _number(raw["reserve"]["least"])),
        list_hash=_text(raw["list_hash"]),
        listed=tuple(Listed(*map(_text, row)) for row in raw["list"]),
        cells=tuple(
            CellDraw(
                Cell(_text(one["stratum"]), _text(one["cell"]), _number(one["size"])),
                _number(one["quota"]),
                tuple(map(_text, one["drawn"])),
                tuple(map(_text, one["reserve"])),
            )
            for one in raw["cells"]
        ),
        replacements=tuple(
            Replacement(_text(one["out"]), _text(one["in"]), _text(one["reason"]))
            for one in raw.get("replacements", ())
        ),
    )


def faults_of(protocol: Protocol) -> list[str]:
    """Draw again from the protocol alone; say in Chinese what is not as it should be."""
    return [*_faults_of_list(protocol), *_faults_of_draw(protocol), *_faults_of_replacements(protocol)]


def _faults_of_list(protocol: Protocol) -> Iterator[str]:
    numbers = [one.number for one in protocol.listed]
    if len(set(numbers)) < len(numbers):
        yield "名单中有重复的编号。"
    if digest_of_list(protocol.listed) != protocol.list_hash:
        yield "名单与记录的名单摘要不符：名单在抽取后被改动。"
    places = {one.cell.place for one in protocol.cells}
    if len(places) < len(protocol.cells):
        yield "同一类别、细分出现了两次。"
    if strange := sorted({one.place for one in protocol.listed} - places):
        yield f"名单中有{len(strange)}个类别或细分没有列入抽取。"


def _faults_of_draw(protocol: Protocol) -> Iterator[str]:
    cells = [one.cell for one in protocol.cells]
    again = draw(protocol.listed, cells, total=protocol.total, seed=protocol.seed, reserve=protocol.reserve)
    if sum(stratum_quotas(protocol.total, cells).values()) != protocol.total:
        yield "各类名额之和不等于抽取总数。"
    for kept, one in zip(protocol.cells, again, strict=True):
        where = in_words(*kept.cell.place)
        if kept.quota != one.quota:
            yield f"{where}：名额应为{one.quota}，记录为{kept.quota}。"
        if kept.drawn != one.drawn:
            yield f"{where}：重新抽取的名单与记录不一致。"
        elif kept.reserve != one.reserve:
            yield f"{where}：重新抽取的候补与记录不一致。"
        if len(kept.drawn) < kept.quota:
            yield f"{where}：名额{kept.quota}，只抽取了{len(kept.drawn)}。"


def _faults_of_replacements(protocol: Protocol) -> Iterator[str]:
    asked = {number: one for one in protocol.cells for number in one.drawn}
    used: set[str] = set()
    for place, one in enumerate(protocol.replacements, start=1):
        cell = asked.pop(one.out, None)
        if cell is None:
            yield f"第{place}次递补：被替换的编号不在应访名单中。"
            continue
        if one.into != next_of(cell.reserve, used):
            yield f"第{place}次递补：没有按候补顺序递补。"
        if not one.reason.strip():
            yield f"第{place}次递补：没有写明原因。"
        used.add(one.into)
        asked[one.into] = cell


def in_words(stratum: str, cell: str) -> str:
    return f"{stratum}（{cell}）" if cell else stratum


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(value)
    return value
