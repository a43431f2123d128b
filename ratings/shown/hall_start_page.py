"""What the start page offers about halls."""

from office.workbench import start_page

start_page.add_link(
    "码上评",
    "查看大厅评价",
    "ratings:halls",
    "rating.view",
    hint="今日暂缓、本周各窗口的评价和评价率",
    order=160,
)
