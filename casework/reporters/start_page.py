"""What the start page offers about reporters."""

from office.workbench import start_page

start_page.add_link(
    "监督核查",
    "查看反映人身份登记",
    "casework:reporter-openings",
    "reporter.openings",
    hint="谁在什么时候、以什么理由查看过反映人身份，按月列出",
)
