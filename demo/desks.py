"""The other desks of the demo county: officers, hearings, cases, lists, plates, the hotline, closed months.

Called after the year of matters, whose units answer here too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from casework.figures.closing import close_month
from casework.figures.months import Month
from casework.incoming.headings import HOTLINE
from casework.incoming.services import import_incoming
from casework.lists import cases, conduct, contacts
from casework.lists.rules import rules
from casework.matters import following
from casework.models import ListVersion, Matter, MonthFigures, Plate, ProcedureVersion
from casework.plates.placing import end_plate, make_plates
from demo import desk_texts as texts
from demo import papers
from demo.diary import Diary
from demo.hearings import Hearings
from demo.officers import Officers
from departments.models import Department, Membership
from office.models import User
from office.roles import Role
from office.workbooks.writing import workbook

CALLED = "guangyuan-complaints"
OPEN_IN = 25  # one call in so many is still open above
CLOSED_MONTHS = 3
DAY = timedelta(days=1)
HEADINGS = (
    "工单编号",
    "来电时间",
    "诉求标题",
    "诉求内容",
    "承办单位",
    "工单状态",
    "办结时间",
    "来电人",
    "来电号码",
)


@dataclass(frozen=True)
class Size:
    """How much there is of what a county has many of."""

    visits_a_year: int = 4
    items_a_week: int = 8
    calls: int = 300
    notices: int = 2


def hold_desks(people: Mapping[str, User], now: datetime, size: Size = Size()) -> None:
    """Hold a year of the desks that ends with `now`."""
    diary, handlers = Diary(now), _handlers()
    Officers(people, handlers, diary, size.visits_a_year).note()
    Hearings(people, handlers, diary, size.items_a_week).note()
    desks = Desks(people, list(handlers), diary, size)
    desks.note()
    diary.keep()
    following.follow_the_clocks(now=now)
    desks.close_months()


def _handlers() -> dict[Department, Sequence[User]]:
    """Return the units that answer with their two people, the officer first."""
    found: dict[Department, dict[str, User]] = {}
    roles = (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_REVIEWER)
    members = Membership.objects.filter(user__role__in=roles).exclude(department=None)
    for one in members.select_related("department", "user").order_by("department__order", "pk"):
        if one.department is not None:
            found.setdefault(one.department, {}).setdefault(one.user.role, one.user)
    return {unit: [two[role] for role in roles] for unit, two in found.items() if len(two) == len(roles)}


@dataclass
class Desks:
    """What is short: each a few acts of a few people."""

    people: Mapping[str, User]
    units: Sequence[Department]
    diary: Diary
    size: Size

    def note(self) -> None:
        at, ago = self.diary.at, self._ago
        for kind, entries in zip(ListVersion.Kind, (texts.POSITIVE, texts.NEGATIVE), strict=True):
            at(ago(330), 9, partial(self._first_list, kind, entries, "示范〔第一版〕"))
            at(ago(90), 9, partial(self._second_list, kind, "示范〔第二版〕"))
        for number, days in enumerate((410, 150, 60)):
            at(ago(days), 10, partial(self._case, number))
        at(ago(2), 9, self._contacts)
        at(ago(300), 9, self._plates)
        at(max(ago(1), self.diary.today.replace(day=1)), 9, self._calls)

    def _ago(self, days: int) -> date:
        """Return the last working day that is so many days ago or more."""
        return self.diary.calendar.on_or_before(self.diary.today - timedelta(days=days))

    # --- Lists, contacts, cases

    def _first_list(
        self, kind: str, entries: Sequence[tuple[str, str, bool]], number: str, at: datetime
    ) -> None:
        version = conduct.begin_version(kind=kind, acting_user=self.people["centre"])
        for one in entries:
            conduct.add_entry(version=version, entry=conduct.Entry(*one), acting_user=self.people["centre"])
        self._in_force(version, number, at)

    def _second_list(self, kind: str, number: str, at: datetime) -> None:
        version = conduct.begin_version(kind=kind, acting_user=self.people["centre"])
        for one in version.entries.filter(number__in=(2, 9)):
            to = conduct.Entry(f"{one.text}{texts.AMENDED}", one.basis, one.needs_report)
            conduct.change_entry(entry=one, to=to, acting_user=self.people["centre"])
        self._in_force(version, number, at)

    def _in_force(self, version: ListVersion, number: str, at: datetime) -> None:
        approved = conduct.approve_version(version=version, acting_user=self.people["reviewer"])
        conduct.publish_version(
            version=approved,
            number=number,
            in_force_from=timezone.localdate(at) + 7 * DAY,
            now=at,
            acting_user=self.people["centre"],
        )

    def _contacts(self, at: datetime) -> None:
        """One is reported before it happens, one afterwards."""
        meal = rules().contacts.meal
        told = (("officer", at - 20 * timedelta(hours=1), meal[0]), ("department", at + 30 * DAY, meal[1]))
        for name, happens_at, eaten in told:
            entry = contacts.entries_on(happens_at)[0]
            contacts.report_contact(
                contact=contacts.Contact(
                    happens_at, "示范第01制造有限公司", "企业座谈会（示范）", entry, eaten
                ),
                now=at,
                acting_user=self.people[name],
            )

    def _case(self, number: int, at: datetime) -> None:
        """Write, allow and show a case; the first is past its time by now, the second is taken off."""
        title, facts, persons = texts.CASES[number]
        day = timezone.localdate(at)
        written = cases.Written(
            title=f"{title}（示范）",
            unit=self.units[number % len(self.units)],
            persons_shown=persons,
            facts=facts,
            decision_number=f"示纪〔{day.year}〕{number + 1}号",
            decided_on=day - 20 * DAY,
            body="示范县纪委监委",
        )
        centre, inspectorate = self.people["centre"], self.people["inspectorate"]
        case = cases.write_case(written=written, now=at, acting_user=centre)
        case = cases.give_leave(case=case, agrees=True, now=at, acting_user=inspectorate)
        case = cases.publish_case(case=case, now=at, acting_user=centre)
        if number == 1:
            withdraw = partial(
                cases.withdraw_case, reason="处理决定已经变更（示范）。", acting_user=inspectorate
            )
            self.diary.after(at, 30, lambda later: withdraw(case=case, now=later))

    # --- Plates and the hotline

    def _plates(self, at: datetime) -> None:
        """Six plates; one was damaged and has been replaced."""
        day, centre = timezone.localdate(at), self.people["centre"]
        made: list[Plate] = []
        for kind, places in zip(
            Plate.Kind, (texts.PLACES[:2], texts.PLACES[2:4], texts.PLACES[4:]), strict=True
        ):
            made += make_plates(places=places, kind=kind, valid_from=day, acting_user=centre)
        self.diary.after(at, 60, partial(self._replace, made[0]))

    def _replace(self, plate: Plate, at: datetime) -> None:
        end_plate(
            plate=plate,
            reason="牌面损坏（示范）",
            replace=True,
            today=timezone.localdate(at),
            acting_user=self.people["centre"],
        )

    def _calls(self, at: datetime) -> None:
        """Import the hotline's month up to here; what is still open above waits to be accepted here."""
        import_incoming(
            content=workbook("12345工单", HEADINGS, self._rows(at)),
            file_name="热线工单（示范）.xlsx",
            channel=HOTLINE,
            procedure_id=CALLED,
            now=at,
            acting_user=self.people["window"],
        )

    def _rows(self, at: datetime) -> Iterator[tuple[Any, ...]]:
        chance, local = self.diary.chance, timezone.localtime(at)
        minutes = max((local.day - 1) * 24 * 60, 24 * 60)
        for number in range(self.size.calls):
            title, text = chance.choice(texts.CALLS)
            came = at - timedelta(minutes=chance.randrange(60, minutes))
            is_open = number % OPEN_IN == 0
            closed = "" if is_open else timezone.localtime(min(at, came + 3 * DAY)).strftime("%Y-%m-%d")
            yield (
                f"SF{at:%Y}{number:06}",
                timezone.localtime(came).strftime("%Y-%m-%d %H:%M"),
                title,
                text,
                chance.choice(self.units).name,
                "办理中" if is_open else "已办结",
                closed,
                f"示范来电人{number}",
                f"0000-{number:07}",
            )

    # --- Months

    def close_months(self) -> None:
        """Close the last months of every procedure that had matters, and issue some of the notices."""
        made = []
        month = Month.of(self.diary.today)
        for version in ProcedureVersion.objects.filter(is_active=True).order_by("procedure_id"):
            for closed in month.back(CLOSED_MONTHS + 1)[:-1]:
                received = Matter.objects.filter(procedure_id=version.procedure_id)
                if received.filter(received_at__gte=closed.begins, received_at__lt=closed.ends).exists():
                    last = close_month(
                        version=version, month=closed, now=self.diary.now, acting_user=self.people["centre"]
                    )
                    made.append(last)
        self._issue([one for one in made if one.month == month.moved(-1).first])

    def _issue(self, months: Sequence[MonthFigures]) -> None:
        for one in sorted(months, key=lambda month: -month.figures["registered"])[: self.size.notices]:
            papers.issue(papers.MONTHLY, one, self.diary.today, self.people)
