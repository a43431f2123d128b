"""What the start page offers about tickets."""

from office.workbench import start_page

start_page.add_link(
    "码上评",
    "查看评价票的使用",
    "ratings:tickets",
    "rating.ticket",
    hint="各批次张数和已评价的比率；评价中心在此印制",
    order=171,
)
