"""The way to the yearly account."""

from __future__ import annotations

from office.workbench import start_page

start_page.add_link(
    "结果运用",
    "查看年度账目",
    "cockpit:account-latest",
    "yearly.view",
    hint="各单位全年的评定、亮牌、考核分；考核挂钩、报送上级",
    order=40,
)
start_page.add_link(
    "结果运用",
    "任职查询回复",
    "cockpit:account-extracts",
    "yearly.persons",
    hint="登记谁为何查询，回复影响期内和已满的处置",
    order=41,
)
start_page.add_link(
    "本单位", "查看本单位年度账目", "cockpit:account-own", "yearly.view_own", hint="全年的评定、亮牌、考核分"
)
