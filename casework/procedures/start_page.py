"""What the start page offers about procedures."""

from office.workbench import start_page

start_page.add_link(
    "系统管理",
    "查看办理规程",
    "casework:procedures",
    "procedure.view",
    hint="环节、时限、受理范围及其依据；自行受理的开启和关闭",
    words={"procedure.activate": "查看办理规程，开启或者关闭自行受理"},
)
