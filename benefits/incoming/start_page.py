from __future__ import annotations

from office.workbench import start_page

start_page.add_link(
    "惠企政策",
    "导入上级平台的申请",
    "benefits:import-claims",
    "benefit.import",
    hint="按上级平台编号匹配，同一申请只计一次",
    order=70,
)
