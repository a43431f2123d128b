"""The way from the start page to the calendar of rounds."""

from __future__ import annotations

from office.workbench import start_page

start_page.add_link(
    "评价轮次",
    "查看轮次日历",
    "cockpit:calendar",
    "round.view",
    hint="全年各方案的轮次：应建、逾期、建议日期",
    order=15,
)
