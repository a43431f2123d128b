from __future__ import annotations

from office.workbench import start_page

start_page.add_link(
    "事项办理",
    "导入12345热线工单",
    "casework:import-hotline",
    "matter.import",
    hint="按工单编号匹配，不重复登记；反映人身份密封",
    order=60,
)
start_page.add_link(
    "事项办理",
    "导入省平台事项",
    "casework:import-province",
    "matter.import",
    hint="按上级平台编号匹配，只更新上级平台的状态",
    order=61,
)
