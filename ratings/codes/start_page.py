"""What the start page offers about codes."""

from office.workbench import start_page

start_page.add_link(
    "码上评",
    "查看评价码",
    "ratings:codes",
    "rating.view",
    hint="窗口、大厅、单位的评价码；打印、停用和换发",
    order=170,
    words={"rating.code": "制作和打印评价码"},
)
