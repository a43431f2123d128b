"""A round whose answers are rated at counters: windows of a hall, their codes, ratings as they lie stored."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from departments.models import Department, Hall, Membership, Window
from departments.windows.services import keep
from evaluations import services
from evaluations.gathering.kinds import kind_of
from evaluations.models import Appeal, Channel, Round, SchemeVersion
from office.models import User
from office.roles import Role
from ratings.models import Rating, RatingCode, Ticket, TicketBatch
from ratings.tickets import marks

NOW = datetime(2026, 10, 8, 2, 0, tzinfo=UTC)
DAY = date(2026, 9, 15)
WINDOWS = "wuyang-windows"
WORDS = ("满意", "比较满意", "基本满意", "不满意")


def make_code(rules_id: str, kind: str, unit: Department, **where: Any) -> RatingCode:
    code = secrets.token_hex(5).upper()
    return RatingCode.objects.create(
        rules_id=rules_id, kind=kind, code=code, unit=unit, valid_from=date(2026, 1, 1), **where
    )


def rate(code: RatingCode, levels: Mapping[str, int], **more: Any) -> None:
    """So many ratings of each level, as they lie in the database."""
    Rating.objects.bulk_create(
        Rating(code=code, level=level, **{"day": DAY, **more})
        for level, number in levels.items()
        for _ in range(number)
    )


def make_ticket(code: RatingCode, by: User, today: date) -> str:
    batch = TicketBatch.objects.create(
        rules_id=code.rules_id, kind="roll", hall=code.hall, size=1, made_on=today, made_by=by
    )
    number = marks.new_number()
    Ticket.objects.create(batch=batch, mark=marks.mark_of(number), last_day=today)
    return number


class RatedWindows:
    """A hall with four windows of two units, and a round of 舞阳's windows that takes their ratings."""

    round: Round
    need = "answers.ballot"

    def __init__(self, **round_: Any) -> None:
        self.operator = User.objects.create_user("centre_operator", role=Role.CENTRE_OPERATOR)
        self.reviewer = User.objects.create_user("centre_reviewer", role=Role.CENTRE_REVIEWER)
        self.leader = User.objects.create_user("leading_group", role=Role.LEADING_GROUP)
        units = [Department.objects.create(name=name, order=at) for at, name in enumerate(("甲局", "乙局"))]
        hall = Hall.objects.create(name="测试大厅")
        self.windows = [
            keep(Window(hall=hall, number=str(at), name="综合受理", department=units[at % 2]))
            for at in range(1, 5)
        ]
        self.codes = [
            make_code(WINDOWS, "window", one.department, hall=hall, window=one) for one in self.windows
        ]
        services.load_schemes()
        made = services.create_round(
            **{
                "title": "9月服务窗口评议",
                "period": "2026-09",
                "scheme_version": SchemeVersion.objects.get(scheme_id="wuyang-windows-2022", is_active=True),
                "base_date": date(2026, 9, 1),
                "persons_public": "none",
                "persons_public_decision": "",
                "channels": {self.need: "ratings"},
                "acting_user": self.operator,
                **round_,
            }
        )
        made = services.freeze_subjects(round=made, acting_user=self.operator)
        self.round = services.begin_gathering(round=made, today=NOW.date(), acting_user=self.operator)

    @property
    def channel(self) -> Channel:
        rows = Channel.objects.select_related("round__scheme_version", "round__survey")
        return rows.get(round=self.round, need=self.need)

    @property
    def progress(self) -> Any:
        return kind_of(self.channel).progress(self.channel)

    def take(self, now: datetime = NOW) -> int:
        return services.take_ratings(channel=self.channel, now=now, acting_user=self.operator)

    def confirm(self, by: User | None = None) -> int:
        return services.confirm_entries(channel=self.channel, now=NOW, acting_user=by or self.reviewer)

    def settle(self) -> None:
        services.settle_channel(channel=self.channel, now=NOW, acting_user=self.reviewer)

    def counts(self) -> list[list[int]]:
        """What counts of each window: the numbers of its answers, best first."""
        found = kind_of(self.channel).facts(self.channel)
        source = self.need.partition(".")[2]
        keys = [f"d{one.unit_id}" for one in self.windows]
        answers = [found[key]["answers"][source]["overall"] for key in keys if key in found]
        return [[one[word] for word in WORDS] for one in answers]

    def compute(self) -> dict[str, str | None]:
        """End gathering and compute; {window: its score}."""
        self.round = Round.objects.get(pk=self.round.pk)
        if self.round.state == Round.State.OPEN:
            services.end_gathering(round=self.round, today=NOW.date(), acting_user=self.operator)
        result = services.compute_round(
            round=Round.objects.get(pk=self.round.pk), now=NOW, reason="更正", acting_user=self.operator
        )
        self.round = Round.objects.get(pk=self.round.pk)
        return {one["name"]: one["score"] for one in result.outcome["subjects"].values()}

    def serve(self) -> None:
        services.sign_off_round(round=self.round, now=NOW, acting_user=self.reviewer)
        self.round = services.serve_round(
            round=Round.objects.get(pk=self.round.pk), today=NOW.date(), acting_user=self.operator
        )

    def uphold_an_appeal(self, window: Window) -> None:
        officer = User.objects.create_user("department_officer", role=Role.DEPARTMENT_OFFICER)
        Membership.objects.create(user=officer, department=window.department)
        appeal = services.lodge_appeal(
            round_department=self.round.departments.get(department=window.unit),
            text="误评",
            now=NOW + timedelta(days=1),
            acting_user=officer,
        )
        services.decide_appeal(
            appeal=appeal,
            outcome=Appeal.Outcome.CHANGED,
            findings="已核对",
            decision="属实",
            today=NOW.date() + timedelta(days=1),
            acting_user=self.leader,
        )
