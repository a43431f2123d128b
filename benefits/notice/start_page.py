from __future__ import annotations

from office.workbench import start_page

start_page.add_link(
    "惠企政策",
    "兑现通报",
    "benefits:notice-running",
    "benefit.view",
    hint="按月：四项按时率、回访、金额、资金池、逾期；结账后另一人公布",
    order=80,
)
