"""A small survey as an office would make it: two towns, three kinds, two departments."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from departments.models import Town
from office.models import User
from office.roles import Role
from surveys import services
from surveys.ballots.sealing import Comment
from surveys.models import Survey
from surveys.slips.printed import PrintedSlip
from surveys.voting.simulated_phone import Answers, Phone

PASSPHRASE = "QWER TYUI ASDF GHJK"
SHARES = {"private": 50, "sole_trader": 40, "non_private": 10}
CHOICES = ("满意", "比较满意", "基本满意", "不满意", "不了解情况")


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


@dataclass
class Office:
    """An office with one survey; each step a call of a service."""

    operator: User
    inspector: User
    towns: list[Town]

    def create(self, title: str = "甲县2026年第三季度营商环境评价") -> Survey:
        return services.create_survey(title=title, shares=SHARES, acting_user=self.operator)

    def freeze(self, survey: Survey, slips: int = 20, kinds: Iterable[str] = ("private",)) -> Survey:
        services.set_form(survey=survey, form=FORM, acting_user=self.operator)
        plan = {self.towns[0].pk: dict.fromkeys(kinds, slips)}
        services.prepare_slips(survey=survey, plan=plan, acting_user=self.operator)
        return services.freeze_survey(survey=survey, passphrase=PASSPHRASE, acting_user=self.operator)

    def print_all(self, survey: Survey) -> dict[str, list[PrintedSlip]]:
        """The slips of each kind, by printing every batch."""
        return {
            batch.stratum.kind: services.print_batch(batch=batch, acting_user=self.operator)
            for batch in survey.batches.filter(is_void=False)
        }

    def open(self, survey: Survey) -> Survey:
        return services.open_survey(survey=survey, passphrase=PASSPHRASE, acting_user=self.operator)

    def ready(
        self, slips: int = 20, kinds: Iterable[str] = ("private",)
    ) -> tuple[Survey, dict[str, list[PrintedSlip]]]:
        survey = self.freeze(self.create(), slips, kinds)
        printed = self.print_all(survey)
        return self.open(survey), printed

    def open_another(self) -> Survey:
        """A second survey that is open at the same time."""
        survey = self.freeze(self.create("乙评价"))
        self.print_all(survey)
        return self.open(survey)

    def close(self, survey: Survey) -> Survey:
        return services.close_survey(survey=survey, acting_user=self.operator)

    def tally(self, survey: Survey) -> Survey:
        return services.tally_survey(survey=survey, passphrase=PASSPHRASE, acting_user=self.inspector)


@pytest.fixture(autouse=True)
def private_data(settings: Any, tmp_path: Path) -> None:
    """Keys and pepper of a test lie in its own folder."""
    settings.DATA_DIR = tmp_path
    settings.DEMO = True


@pytest.fixture
def office(db: None) -> Office:
    return new_office()


def new_office() -> Office:
    operator = User.objects.create_user("centre", role=Role.CENTRE_OPERATOR)
    inspector = User.objects.create_user("inspector", role=Role.INSPECTORATE)
    towns = [Town.objects.create(name=name, order=order) for order, name in enumerate(("东镇", "西镇"))]
    return Office(operator, inspector, towns)


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
