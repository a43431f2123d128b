"""Pages of ratings on the start page: the register, the figures, and a unit's own week."""

from __future__ import annotations

from office.workbench import start_page

HEADING = "事项办理"

start_page.add_link(
    HEADING,
    "查看评价台账",
    "ratings:register",
    "rating.judge",
    hint="码上评收到的全部评价，只有日期；暂缓的、排除的都在",
    order=40,
)
start_page.add_link(
    HEADING,
    "查看评价数字",
    "ratings:figures",
    "rating.judge",
    hint="各单位、各窗口的等次、差评率、排除率、评价率，都附分子分母",
    order=41,
)
start_page.add_link(
    "本单位",
    "查看本单位的评价",
    "ratings:own",
    "rating.view_own",
    hint="码上评上一周的汇总，按窗口列出",
    order=45,
)
