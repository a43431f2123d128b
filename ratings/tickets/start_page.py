"""What the start page offers about tickets."""

from office.workbench import start_page

start_page.add_link(
    "码上评",
    "印制评价票、查看用票情况",
    "ratings:tickets",
    "rating.ticket",
    hint="一次一票；号码只印在票上",
    order=171,
)
