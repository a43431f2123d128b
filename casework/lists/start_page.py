"""Typical cases, lists and contact reports on start pages."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from casework.models import ListVersion, TypicalCase
from office.models import User
from office.roles import CENTRE, Role
from office.workbench import start_page

start_page.add_link(
    "事项办理",
    "典型案例",
    "casework:typical-cases",
    "case.view",
    hint="起草、纪检监察同意、公布、撤下",
    order=60,
)
start_page.add_link(
    "事项办理",
    "正面清单和负面清单",
    "casework:conduct-lists",
    "list.view",
    hint="分版本起草、审核、公布",
    order=61,
)
start_page.add_link(
    "事项办理",
    "报告接触企业",
    "casework:contacts",
    "contact.report",
    hint="清单中须报告的接触，事前报告；只有本人和纪检监察看得到",
    order=62,
)
start_page.add_link(
    "监督核查",
    "接触企业报告",
    "casework:contacts",
    "contact.view_all",
    hint="公职人员自行报告的接触",
    order=70,
)


@start_page.reminds(Role.INSPECTORATE)
def cases_to_allow(user: User) -> Iterator[start_page.Reminder]:
    if count := TypicalCase.objects.filter(state=TypicalCase.State.DRAFT, returned="").count():
        note = "同意后才能公布。"
        yield start_page.Reminder(f"{count} 件典型案例待同意公开", reverse("casework:typical-cases"), note)


@start_page.reminds(*CENTRE)
def what_goes_on(user: User) -> Iterator[start_page.Reminder]:
    cases = TypicalCase.objects.filter(state=TypicalCase.State.APPROVED).count()
    if cases:
        address = reverse("casework:typical-cases")
        yield start_page.Reminder(f"{cases} 件典型案例已同意，待公布", address)
    address = reverse("casework:conduct-lists")
    for one in ListVersion.objects.filter(state=ListVersion.State.APPROVED):
        yield start_page.Reminder(f"{one}已审核，待公布", address)
