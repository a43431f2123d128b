from __future__ import annotations

from office.workbench import start_page

start_page.add_link(
    "事项办理",
    "查看事项数字",
    "casework:matter-figures",
    "matter.figures",
    hint="各项比率及其件数、月度通报、“一类事”分析、时限试算",
    order=50,
)
