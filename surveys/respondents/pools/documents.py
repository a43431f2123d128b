"""What leaves a draw on paper: the protocol without names, the list to ask by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from office.workbooks.writing import workbook
from surveys.draws import protocol
from surveys.models import DrawnMember, PoolCell, PoolDraw, PoolMember, PoolStratum

HEADINGS = (
    "类别",
    "细分",
    "应访或候补",
    "顺序号",
    "编号",
    "姓名（名称）",
    "所在单位",
    "联系人",
    "联系电话",
    "状态",
    "报送单位",
)
STRUCTURE = ("样本库", "类别", "细分", "应有人数", "来源", "更新周期（月）", "主体类型", "所属镇（街）")


def groups(draw: PoolDraw) -> list[dict[str, Any]]:
    """Counts by stratum, and by cell beneath it, as the protocol has them."""
    left_out = Counter((row[1], row[2]) for row in draw.protocol["list"] if row[3])
    there = Counter((row[1], row[2]) for row in draw.protocol["list"])
    found: dict[str, dict[str, Any]] = {}
    for one in draw.protocol["cells"]:
        place = (one["stratum"], one["cell"])
        row = {
            "name": one["cell"],
            "size": one["size"],
            "there": there[place],
            "left_out": left_out[place],
            "quota": one["quota"],
            "drawn": len(one["drawn"]),
            "reserve": len(one["reserve"]),
        }
        group = found.setdefault(one["stratum"], {"name": one["stratum"], "cells": []})
        group["cells"].append(row)
        for key in ("size", "there", "left_out", "quota", "drawn", "reserve"):
            group[key] = group.get(key, 0) + row[key]
    for group in found.values():
        group["cells"] = group["cells"] if len(group["cells"]) > 1 else []
    return list(found.values())


def protocol_html(draw: PoolDraw, faults: Sequence[str], replaced: int) -> str:
    shown = groups(draw)
    around = {
        "draw": draw,
        "about": draw.protocol["about"],
        "protocol_hash": protocol.hash_of(draw.protocol),
        "rule": draw.protocol["rule"],
        "groups": shown,
        "sums": {
            key: sum(group[key] for group in shown)
            for key in ("size", "there", "left_out", "quota", "reserve")
        },
        "faults": faults,
        "replaced": replaced,
        "county_name": settings.COUNTY_NAME,
        "demo": settings.DEMO,
    }
    return render_to_string("surveys/pools/protocol.html", around)


def names_workbook(draw: PoolDraw, drawn: Sequence[DrawnMember]) -> bytes:
    """The list to ask by; contacts are in it, slips are not."""
    rows = [
        (
            one.cell.stratum.name,
            one.cell.name,
            "候补" if one.is_reserve else "应访",
            one.place,
            one.member.number,
            one.member.name,
            one.member.employer,
            _contact(one.member),
            _phone(one.member),
            f"{one.get_state_display()}{f'：{one.reason}' if one.reason else ''}",
            "、".join(each.department.name for each in one.samples.all()),
        )
        for one in drawn
    ]
    return workbook(f"{draw}应访名单", HEADINGS, rows)


def _contact(member: PoolMember) -> str:
    return member.entity.contact if member.entity else ""


def _phone(member: PoolMember) -> str:
    return member.phone or (member.entity.phone if member.entity else "")


def structure_workbook(cells: Sequence[PoolCell]) -> bytes:
    """The structure as it can be imported again without a change."""
    rows = [
        (
            cell.stratum.pool.name,
            cell.stratum.name,
            cell.name,
            cell.size,
            PoolStratum.Source(cell.stratum.source).label,
            cell.stratum.renewal_months,
            cell.get_entity_kind_display() if cell.entity_kind else "",
            cell.town.name if cell.town else "",
        )
        for cell in cells
    ]
    return workbook("样本库结构", STRUCTURE, rows)
