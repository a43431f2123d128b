"""A small county with one round, taken step by step through the services that people's pages call."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.test import Client
from django.utils import timezone

from departments.kinds import StaffKind, Topic
from departments.models import Department, Membership, Section, StaffMember, Town
from evaluations import services
from evaluations.models import Appeal, Round, RoundMember, SchemeVersion
from office.models import Holiday, User
from office.roles import Role
from surveys import queries
from surveys import services as surveys
from surveys.ballots.sealing import Comment
from surveys.models import Survey
from surveys.voting.simulated_phone import Phone

NOW = datetime(2026, 9, 30, 2, 0, tzinfo=UTC)
PASSPHRASE = "计票口令-只用于测试-2026"
BASE_DATE = date(2026, 9, 1)
OPENED, CLOSED = date(2026, 9, 15), date(2026, 9, 28)
SERVED = date(2026, 10, 12)  # a Monday
LAST_APPEAL_DAY = date(2026, 10, 19)  # five working days later
AFTER_APPEALS = LAST_APPEAL_DAY + timedelta(days=1)
KINDS_IN_TURN = ("private", "sole_trader", "private", "sole_trader", "non_private")

Answers = dict[str, str]  # a person's name → the word chosen


class County:
    """Two departments, two towns, users of every role, and shortcuts for the steps of a round."""

    round: Round  # of a stored state
    urls: dict[str, list[str]]  # what the QR codes of the printed slips say, by kind of voter

    def __init__(self) -> None:
        self.users = {role.value: User.objects.create_user(role.value, role=role) for role in Role}
        self.operator = self.users["centre_operator"]
        self.reviewer = self.users["centre_reviewer"]
        self.leader = self.users["leading_group"]
        self.towns = [
            Town.objects.create(name=name, order=n) for n, name in enumerate(["东门街道", "西河镇"])
        ]
        self.departments = [make_department("县甲局", 1), make_department("县乙局", 2)]
        for role in ("department_officer", "department_reviewer"):
            Membership.objects.create(user=self.users[role], department=self.departments[0])
        Holiday.objects.create(day=date(2026, 10, 1), name="国庆节")
        (self.scheme,) = [v for v in services.load_schemes() if v.scheme_id == "yuncheng-2023"]

    @property
    def survey(self) -> Survey:
        survey = fresh(self.round).survey
        assert survey is not None
        return survey

    @property
    def pages(self) -> str:
        """The address below which the pages of the round are."""
        return f"/office/rounds/{self.round.pk}/"

    # --- One step ------------------------------------------------------------------------------------

    def create(self, **changes: object) -> Round:
        wanted: dict[str, object] = {
            "title": "2026年第三季度评价",
            "period": "2026-Q3",
            "scheme_version": self.scheme,
            "base_date": BASE_DATE,
            "persons_public": "top_grades",
            "persons_public_decision": "示政办〔2026〕1号",
            "acting_user": self.operator,
            "again_reason": "测试所需",
            "options": {"min_valid_answers": 5, "min_answers_per_department": 5},
        }
        return services.create_round(**{**wanted, **changes})  # type: ignore[arg-type]

    def freeze(self, round_: Round) -> Round:
        return services.freeze_subjects(round=round_, acting_user=self.operator)

    def plan(self, round_: Round) -> Round:
        east, west = (town.pk for town in self.towns)
        plan = {east: {"private": 20, "sole_trader": 20}, west: {"private": 4, "non_private": 20}}
        return services.plan_slips(round=round_, plan=plan, acting_user=self.operator)

    def prepare(self, round_: Round, custodian_key: str = "") -> Round:
        """Make the slips, with the passphrase unless there is a custodian's key, and print them."""
        with_key = {"custodian_key": custodian_key} if custodian_key else {"passphrase": PASSPHRASE}
        round_ = services.prepare_ballot(round=self.plan(round_), acting_user=self.operator, **with_key)
        self.print_slips(round_)
        return round_

    def print_slips(self, round_: Round) -> None:
        self.urls = {}
        for batch in queries.batches(fresh(round_).survey):  # type: ignore[arg-type]
            printed = surveys.print_batch(batch=batch, acting_user=self.operator)
            self.urls.setdefault(batch.stratum.kind, []).extend(slip.url for slip in printed)

    def open(self, round_: Round, passphrase: str = PASSPHRASE) -> Round:
        return services.open_round(
            round=round_, passphrase=passphrase, today=OPENED, acting_user=self.operator
        )

    def vote(self, answers: Answers, kind: str = "private", *, remark: str = "") -> None:
        """Cast one ballot from the phone of a voter; a remark is about the first person."""
        _, key, code, *_ = self.urls[kind].pop().partition("#")[2].split(".")
        public = json.loads(Client().get(f"/v/form/{key}.json").content)["public"]
        people = {person.name: f"p{person.pk}" for person in StaffMember.objects.all()}
        phone = Phone(public, key, code)
        phone.take(self.send("/v/redeem", phone.redeem()))
        given = {people[name]: {"overall": word} for name, word in answers.items()}
        self.send("/v/cast", phone.cast(given, [Comment(0, remark, "")] if remark else None))

    def vote_all(self, ballots: Iterable[Answers]) -> None:
        for number, answers in enumerate(ballots):
            self.vote(answers, KINDS_IN_TURN[number % 5])

    def send(self, path: str, body: dict[str, object]) -> dict[str, object]:
        """Post as the voter's page does."""
        sent = Client().post(path, json.dumps(body), content_type="application/json")
        assert sent.status_code == 200, sent.content.decode()
        return dict(sent.json())

    def close(self, round_: Round) -> Round:
        return services.close_round(round=round_, today=CLOSED, acting_user=self.operator)

    def tally(self, round_: Round, passphrase: str = PASSPHRASE) -> Round:
        return services.tally_round(round=round_, passphrase=passphrase, acting_user=self.operator)

    def compute(self, round_: Round, reason: str = "") -> Round:
        services.compute_round(round=round_, now=NOW, reason=reason, acting_user=self.operator)
        return fresh(round_)

    def sign_off(self, round_: Round) -> Round:
        """Another person than the one who computed signs."""
        services.sign_off_round(round=round_, now=NOW, acting_user=self.reviewer)
        return fresh(round_)

    def serve(self, round_: Round) -> Round:
        return services.serve_round(round=round_, today=SERVED, acting_user=self.operator)

    def appeal(self, round_: Round, today: date = SERVED, **changes: Any) -> Appeal:
        """The officer of the first department appeals for it."""
        wanted: dict[str, Any] = {
            "round_department": round_.departments.first(),
            "text": "得分有误",
            "acting_user": self.users["department_officer"],
        }
        now = at_ten(today)
        return services.lodge_appeal(now=now, **{**wanted, **changes})

    def decide(self, appeal: Appeal, *, upheld: bool) -> None:
        services.decide_appeal(
            appeal=appeal,
            outcome=Appeal.Outcome.CHANGED if upheld else Appeal.Outcome.KEPT,
            findings="已核对原始记录",
            decision="情况属实",
            today=SERVED,
            acting_user=self.leader,
        )

    def withdraw(self, round_: Round, name: str, reason: str) -> RoundMember:
        member = RoundMember.objects.get(round_department__round=round_, name=name)
        return services.withdraw_member(round_member=member, reason=reason, acting_user=self.reviewer)

    def end_appeals(self, round_: Round, today: date = AFTER_APPEALS) -> Round:
        return services.end_appeals(round=round_, today=today, acting_user=self.operator)

    def mark_published(self, round_: Round) -> Round:
        return services.mark_published(round=round_, now=NOW, acting_user=self.operator)

    # --- All steps up to a state ---------------------------------------------------------------------

    def frozen(self, **changes: object) -> Round:
        return self.freeze(self.create(**changes))

    def prepared(self, **changes: object) -> Round:
        return self.prepare(self.frozen(**changes))

    def opened(self, **changes: object) -> Round:
        return self.open(self.prepared(**changes))

    def closed(self, ballots: Iterable[Answers] | None = None, **changes: object) -> Round:
        """A round whose ballots are counted."""
        round_ = self.opened(**changes)
        self.vote_all(ordinary_ballots() if ballots is None else ballots)
        return self.tally(self.close(round_))

    def computed(self, **changes: object) -> Round:
        return self.compute(self.closed(**changes))  # type: ignore[arg-type]

    def signed_off(self, **changes: object) -> Round:
        return self.sign_off(self.computed(**changes))

    def served(self, **changes: object) -> Round:
        """A round within its appeal days."""
        return self.serve(self.signed_off(**changes))


def at_ten(day: date) -> datetime:
    """Ten in the morning of the county."""
    return timezone.make_aware(datetime.combine(day, time(10)))


def fresh(round_: Round) -> Round:
    """The round as it is stored now."""
    return Round.objects.get(pk=round_.pk)


def make_department(name: str, order: int) -> Department:
    """A principal, a supervising leader, a section with head and two staff; names begin with its mark."""
    mark = name[1]
    department = Department.objects.create(name=name, order=order)
    top = Section.objects.create(department=department, name="局领导", is_leadership=True)
    desk = Section.objects.create(department=department, name="审批科", order=1, topic=Topic.APPROVAL)
    kinds = [
        (top, f"{mark}局长", StaffKind.PRINCIPAL_LEADER),
        (top, f"{mark}副局长", StaffKind.SUPERVISING_LEADER),
        (desk, f"{mark}科长", StaffKind.SECTION_HEAD),
        (desk, f"{mark}科员一", StaffKind.STAFF),
        (desk, f"{mark}科员二", StaffKind.STAFF),
    ]
    for place, (section, person, kind) in enumerate(kinds):
        made = StaffMember.objects.create(
            department=department, section=section, name=person, kind=kind, post=kind.label, order=place
        )
        if kind == StaffKind.SUPERVISING_LEADER:
            desk.supervising_leader = made
            desk.save()
    return department


def ordinary_ballots() -> list[Answers]:
    """Ten voters: 甲 does well, 乙 not; 乙科员二 is rated by two only."""
    ballots = []
    for number in range(10):
        answers = {"甲科长": "满意", "甲科员一": "满意", "甲科员二": "比较满意", "乙科长": "基本满意"}
        answers["乙科员一"] = "不满意" if number % 2 else "比较满意"
        if number < 2:
            answers["乙科员二"] = "满意"
        ballots.append(answers)
    return ballots


def broken_scheme(folder: Path) -> Path:
    """A folder of schemes with one faulty file in it."""
    (folder / "sick").mkdir()
    text = SchemeVersion.objects.get(scheme_id="yuncheng-2023").text
    (folder / "sick" / "scheme.yaml").write_text(text + "\nsurprise: 1\n", encoding="utf-8")
    return folder
