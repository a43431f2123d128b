"""The protocol of a draw for a round (抽取记录): numbers and how to draw again, never a name."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.urls import reverse

from evaluations.models import RoundDraw
from reports.documents.content import (
    Align,
    Column,
    Content,
    Field,
    Fields,
    Form,
    Paragraph,
    Signatures,
    Table,
)
from reports.documents.kinds import Given, Paper, Subject, register, register_subject
from reports.documents.services import About
from surveys.draws import protocol

DRAW = "draw"
COLUMNS = (
    Column("类别", 4, Align.LEFT),
    Column("细分", 4, Align.LEFT),
    Column("应有", 2),
    Column("名单", 2),
    Column("回避", 2),
    Column("名额", 2),
    Column("候补", 2),
)


def draw_protocol(found: RoundDraw, given: Given) -> Content:
    stored: dict[str, Any] = found.draw.protocol
    facts = [(Field(name, str(text)),) for name, text in stored["about"].items()]
    facts.append((Field("已递补", f"{len(stored.get('replacements', ()))}次，均注明原因"),))
    digest = protocol.hash_of(stored)
    return Content(
        form=Form.RECORD,
        title=f"{found.draw.title}样本抽取记录",
        issuer=given.body.name,
        on=given.on,
        blocks=(
            Fields(tuple(facts)),
            Table(COLUMNS, tuple(_rows(stored)), caption="各类别名额"),
            Paragraph(
                "名额按样本库各类别应有人数的比例、最大余数法分配；所在单位参评的样本回避，不参加抽取。"
            ),
            Fields(
                (
                    (Field("抽取规则", stored["rule"]),),
                    (Field("抽取码", found.draw.seed),),
                    (Field("名单摘要", found.draw.list_hash),),
                    (Field("记录摘要", digest),),
                    (
                        Field(
                            "核验办法",
                            "对保存的抽取记录文件运行 manage.py verify_draw，核对抽取结果与上列摘要。",
                        ),
                    ),
                )
            ),
            Signatures(("抽取人", "在场人", "在场人")),
        ),
    )


def _rows(stored: dict[str, Any]) -> list[tuple[str, ...]]:
    there = Counter((row[1], row[2]) for row in stored["list"])
    left_out = Counter((row[1], row[2]) for row in stored["list"] if row[3])
    sums = [0] * 5
    rows = []
    for one in stored["cells"]:
        place = (one["stratum"], one["cell"])
        counts = [one["size"], there[place], left_out[place], one["quota"], len(one["reserve"])]
        sums = [total + count for total, count in zip(sums, counts, strict=True)]
        rows.append((*place, *map(str, counts)))
    return [*rows, ("合计", "", *map(str, sums))]


register_subject(
    DRAW,
    Subject(
        label="抽样",
        find=lambda pk: RoundDraw.objects.select_related("draw__pool", "round").filter(draw_id=pk).first(),
        said=lambda found: f"{found.round}：{found.draw.title}",
        url=lambda found: reverse("cockpit:draws", args=[found.round_id]),
        concerns=lambda found: About(DRAW, found.draw_id),
    ),
)
register(
    Paper(
        kind="draw_protocol",
        label="抽取记录",
        about=DRAW,
        build=draw_protocol,
    )
)
