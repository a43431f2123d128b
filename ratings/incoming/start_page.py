"""What the start page offers about lists and numbers that come in."""

from office.workbench import start_page

start_page.add_link(
    "码上评",
    "填报办件量",
    "ratings:served",
    "rating.ticket",
    hint="前一日各窗口办了多少件；评价多于办件量的暂缓",
    order=172,
)
start_page.add_link(
    "码上评",
    "导入办件编号",
    "ratings:import-cases",
    "rating.ticket",
    hint="凭编号评价一次；只存摘要",
    order=173,
)
start_page.add_link(
    "码上评",
    "导入省“好差评”评价",
    "ratings:import-province",
    "rating.import",
    hint="每个办件编号只计一次，系统默认好评不计入",
    order=174,
)
