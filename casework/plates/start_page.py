"""What the start page offers about plates."""

from office.workbench import start_page

start_page.add_link(
    "事项办理",
    "监督评议牌",
    "casework:plates",
    "plate.view",
    hint="一处一牌，扫码反映；打印、停用和换发",
    order=150,
)
