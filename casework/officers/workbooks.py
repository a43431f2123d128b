"""The figures of a quarter as a workbook: what the page says, sheet by sheet."""

from __future__ import annotations

from casework.models import Visit
from casework.officers.coverage import Coverage
from office.workbooks.writing import workbook_of


def coverage_as_workbook(found: Coverage) -> bytes:
    return workbook_of(
        [
            (
                "覆盖情况",
                ("类别", "挂联率（%）", "已挂联/应挂联", "走访覆盖率（%）", "已走访/应走访", "全覆盖"),
                [
                    *(
                        (
                            kind,
                            one.percent,
                            one.fraction,
                            two.percent,
                            two.fraction,
                            one.is_full and two.is_full,
                        )
                        for kind, one, two in found.by_kind
                    ),
                    (
                        "合计",
                        found.linked.percent,
                        found.linked.fraction,
                        found.visited.percent,
                        found.visited.fraction,
                        found.is_full,
                    ),
                ],
            ),
            (
                "对象",
                (
                    "类别",
                    "名称",
                    "镇（街）",
                    "挂联情况",
                    "首席服务官",
                    "上门走访天数",
                    "电话微信联系",
                    "企业确认",
                    "最近走访",
                    "缺口",
                ),
                (
                    (
                        row.kind,
                        row.covered.name,
                        row.covered.town,
                        row.standing.in_words,
                        row.standing.link.officer if row.standing.link else "",
                        len(row.days),
                        row.contacts,
                        row.confirmed,
                        row.last,
                        row.gap,
                    )
                    for row in found.objects
                ),
            ),
            (
                "首席服务官",
                (
                    "首席服务官",
                    "单位",
                    "挂联对象",
                    "已走访对象",
                    "上门走访",
                    "逾期补录",
                    "电话微信联系",
                    "企业确认",
                    "平均评星",
                    "上报问题",
                    "未办结问题",
                    "未走访的对象",
                ),
                (
                    (
                        row.officer.user,
                        row.officer.unit,
                        len(row.objects),
                        row.share.part,
                        row.visits,
                        row.late,
                        row.contacts,
                        row.confirmed,
                        row.star_mean,
                        row.problems,
                        row.open_problems,
                        "、".join(one.covered.name for one in row.missing),
                    )
                    for row in found.officers
                ),
            ),
            ("频繁走访", ("对象", "日期", "走访人", "当月第几次", "理由"), map(_too_many, found.too_many)),
        ]
    )


def _too_many(visit: Visit) -> tuple[object, ...]:
    return visit.object, visit.on, visit.visitor, visit.in_month, visit.reason
