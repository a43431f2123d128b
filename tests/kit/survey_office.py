"""A small survey as an office would make it: two towns, three kinds, two departments."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.test import Client

from departments.models import Town
from office.models import User
from office.roles import Role
from surveys import services
from surveys.ballots import keyfile, signing
from surveys.ballots.sealing import Comment
from surveys.box import bundles
from surveys.models import Survey
from surveys.models.entities import EVERYBODY
from surveys.slips.printed import PrintedSlip
from surveys.voting.simulated_phone import Answers, Phone
from tests.kit.stored_states import stored

PASSPHRASE = "QWER TYUI ASDF GHJK"
TITLE = "甲县2026年第三季度营商环境评价"
SHARES = {"private": 50, "sole_trader": 40, "non_private": 10}
CHOICES = ("满意", "比较满意", "基本满意", "不满意", "不了解情况")
SignedIn = Callable[[Role], Client]
Printed = dict[str, list[PrintedSlip]]  # kind → slips


def section(number: int, topic: str, persons: list[str]) -> dict[str, Any]:
    return {
        "id": f"s{number}",
        "name": f"第{number}科",
        "topic": topic,
        "persons": [{"id": person, "name": f"甲{person}", "post": "科员"} for person in persons],
    }


FORM = {
    "departments": [
        {"id": "d1", "name": "甲局", "sections": [section(1, "approval", ["p1", "p2"])]},
        {
            "id": "d2",
            "name": "乙局",
            "sections": [section(2, "business", ["p3"]), section(3, "business", [])],
        },
    ],
    "questions": [
        {"id": "overall", "text": "总体评价", "by_topic": {"approval": "审批服务", "business": "业务办理"}}
    ],
    "choices": [{"id": word} for word in CHOICES],
    "reason_for": ["基本满意", "不满意"],
}


def an_inspector() -> User:
    return User.objects.get_or_create(username="inspector", defaults={"role": Role.INSPECTORATE})[0]


def signed_again(survey: Survey, passphrase: str = PASSPHRASE, **changed: object) -> bytes:
    """The counts of a survey whose key lies on the server, changed by whoever knows the passphrase."""
    survey = Survey.objects.get(pk=survey.pk)
    private = keyfile.unlock(survey.tally_key_file, passphrase)
    counts = {**bundles.counted(survey), **changed}
    return json.dumps(signing.signed(counts, private, survey.frozen())).encode()


ABOUT_UNITS = {
    "groups": [{"id": "g1", "name": "县（区）"}, {"id": "g2", "name": "市级部门"}],
    "departments": [
        {
            "id": f"d{number}",
            "name": f"第{number}单位",
            "group": "g1" if number < 3 else "g2",
            "questions": [{"id": "policy", "text": "政策落实"}, {"id": "service", "text": "服务质效"}],
            "sections": [],
        }
        for number in range(1, 6)
    ],
    "questions": [],
    "choices": [{"id": word} for word in CHOICES],
    "reason_for": ["不满意"],
}
"""Units as wholes; everybody votes under one key."""


@dataclass
class Office:
    """An office and its surveys; each step a call of a service.

    `frozen` and `ready` are stored states: a test that wants a second survey makes it with `open_another`.
    """

    operator: User
    inspector: User
    towns: list[Town]

    def create(self, title: str = TITLE) -> Survey:
        return services.create_survey(title=title, shares=SHARES, acting_user=self.operator)

    def planned(self, plan: dict[int, dict[str, int]], title: str = TITLE) -> Survey:
        """A survey with its form and {place of the town: {kind: slips}}."""
        survey = self.create(title)
        services.set_form(survey=survey, form=FORM, acting_user=self.operator)
        towns = {self.towns[place].pk: numbers for place, numbers in plan.items()}
        services.prepare_slips(survey=survey, plan=towns, acting_user=self.operator)
        return survey

    def freeze(self, survey: Survey) -> Survey:
        return services.freeze_survey(survey=survey, passphrase=PASSPHRASE, acting_user=self.operator)

    def print_all(self, survey: Survey) -> Printed:
        """The slips of each kind, by printing every batch."""
        return {
            batch.stratum.kind: services.print_batch(batch=batch, acting_user=self.operator)
            for batch in survey.batches.filter(is_void=False)
        }

    def open(self, survey: Survey) -> Survey:
        return services.open_survey(survey=survey, passphrase=PASSPHRASE, acting_user=self.operator)

    def frozen(self, slips: int = 20, kinds: Iterable[str] = ("private",)) -> Survey:
        return frozen(slips, tuple(kinds))

    def ready(self, slips: int = 20, kinds: Iterable[str] = ("private",)) -> tuple[Survey, Printed]:
        return opened(slips, tuple(kinds))

    def open_another(self) -> tuple[Survey, Printed]:
        """A second survey that is open at the same time."""
        survey = self.freeze(self.planned({0: {"private": 20}}, "乙评价"))
        printed = self.print_all(survey)
        return self.open(survey), printed

    def close(self, survey: Survey) -> Survey:
        return services.close_survey(survey=survey, acting_user=self.operator)

    def tally(self, survey: Survey) -> Survey:
        return services.tally_survey(survey=survey, passphrase=PASSPHRASE, acting_user=self.inspector)

    def count(self, survey: Survey) -> Survey:
        self.close(survey)
        return self.tally(survey)


@stored
def new_office() -> Office:
    operator = User.objects.create_user("centre", role=Role.CENTRE_OPERATOR)
    inspector = User.objects.create_user("inspector", role=Role.INSPECTORATE)
    towns = [Town.objects.create(name=name, order=order) for order, name in enumerate(("东镇", "西镇"))]
    return Office(operator, inspector, towns)


def office_here() -> Office:
    """The office that `new_office` made."""
    users = (User.objects.get(username=name) for name in ("centre", "inspector"))
    return Office(*users, list(Town.objects.order_by("order")))


@stored
def frozen(slips: int, kinds: tuple[str, ...]) -> Survey:
    """The survey of an office, with its keys and batches; nothing printed."""
    office = office_here()
    return office.freeze(office.planned({0: dict.fromkeys(kinds, slips)}))


@stored
def opened(slips: int, kinds: tuple[str, ...]) -> tuple[Survey, Printed]:
    """The survey of an office, open, and its slips."""
    survey, office = frozen(slips, kinds), office_here()
    printed = office.print_all(survey)
    return office.open(survey), printed


@stored
def opened_about_units(slips: int) -> tuple[Survey, list[PrintedSlip]]:
    """An open survey about units, of voters without shares, and its slips."""
    office = office_here()
    survey = services.create_survey(title=TITLE, shares={}, acting_user=office.operator)
    services.set_form(survey=survey, form=ABOUT_UNITS, acting_user=office.operator)
    plan = {office.towns[0].pk: {EVERYBODY: slips}}
    services.prepare_slips(survey=survey, plan=plan, acting_user=office.operator)
    (printed,) = office.print_all(office.freeze(survey)).values()
    return office.open(survey), printed


def parts(slip: PrintedSlip) -> tuple[str, str]:
    """Key id and code of a slip, as its QR code says."""
    _, key, code, _ = slip.url.partition("#")[2].split(".")
    return key, code


class Voter:
    """A voter with a slip, asking the server as the page does."""

    def __init__(self, survey: Survey, slip: PrintedSlip, client: Client | None = None) -> None:
        self.client = client or Client()
        self.survey = Survey.objects.get(pk=survey.pk)
        self.phone = Phone(self.survey.frozen(), *parts(slip))

    def post(self, path: str, body: Any) -> HttpResponse:
        return self.client.post(path, json.dumps(body), content_type="application/json")

    def redeem(self) -> HttpResponse:
        answer = self.post("/v/redeem", self.phone.redeem())
        if answer.status_code == 200:
            self.phone.take(answer.json())
        return answer

    def cast(self, answers: Answers | None = None, comments: list[Comment] | None = None) -> HttpResponse:
        return self.post("/v/cast", self.phone.cast(answers or {}, comments))

    def vote(self, answers: Answers | None = None, comments: list[Comment] | None = None) -> HttpResponse:
        assert self.redeem().status_code == 200
        return self.cast(answers, comments)


def error(answer: HttpResponse) -> tuple[int, str]:
    """Status and code of a refusal; every one has words for the voter."""
    body = answer.json()
    assert body["message"]
    return answer.status_code, body["error"]


def raw(path: Path) -> bytes:
    """A file of the database as it lies on the disk, read by another process.

    Closing it in this one would drop SQLite's locks on it: whoever closes the database next
    would take away the journal that we still use.
    """
    return subprocess.run(["cat", path], capture_output=True, check=True).stdout
