"""What the start page offers about halls."""

from office.workbench import start_page

start_page.add_link(
    "码上评",
    "查看大厅评价",
    "ratings:halls",
    "rating.view",
    hint="待认定的暂缓，各窗口上周的评价和评价率",
    order=160,
)
