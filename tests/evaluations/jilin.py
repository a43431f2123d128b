"""A small zone with a round of the shipped 吉林 scheme, taken through the services of mark sheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from departments.models import Department, Membership
from evaluations import services
from evaluations.gathering import services as gathering
from evaluations.gathering.sheets import marking, panels, paper
from evaluations.gathering.sheets.form import TOTAL, Cell
from evaluations.gathering.sheets.panels import panel_of
from evaluations.models import Channel, Marker, MarkSheet, Panel, PanelAct, Result, Round
from evaluations.rounds.subject_keys import department_key
from office.models import User
from office.roles import Role
from tests.kit.stored_states import stored

NOW = datetime(2022, 1, 10, 2, 0, tzinfo=UTC)
TODAY = date(2022, 1, 10)
GROUPS = {"区甲局": "局室公司", "区乙局": "局室公司", "区丙站": "基层单位"}


class Zone:
    """Three units in two groups, users of every role, and shortcuts for the steps of mark sheets."""

    def __init__(self, *, by_aspect: bool = False, groups: Mapping[str, str] = GROUPS) -> None:
        self.users = {role.value: User.objects.create_user(role.value, role=role) for role in Role}
        self.operator = self.users["centre_operator"]
        self.reviewer = self.users["centre_reviewer"]
        self.inspector = self.users["inspectorate"]
        self.units = {
            name: Department.objects.create(name=name, order=order, peer_group=group)
            for order, (name, group) in enumerate(groups.items())
        }
        Membership.objects.create(
            user=self.users["department_reviewer"], department=self.units[next(iter(groups))]
        )
        (scheme,) = [one for one in services.load_schemes() if one.scheme_id == "jilin-jkq-2021"]
        self.round = services.create_round(
            title="2021年考核评价",
            period="2021",
            scheme_version=scheme,
            base_date=date(2021, 12, 31),
            persons_public="none",
            persons_public_decision="",
            acting_user=self.operator,
        )
        services.freeze_subjects(round=self.round, acting_user=self.operator)
        for channel in self.round.channels.filter(kind=Channel.Kind.SHEETS):
            panels.set_by_aspect(panel=panel_of(channel), by_aspect=by_aspect, acting_user=self.operator)

    def begin(self) -> Zone:
        gathering.begin_gathering(round=self.round, today=TODAY, acting_user=self.operator)
        return self

    def panel(self, name: str = "leaders") -> Panel:
        channel = Channel.objects.select_related("round__scheme_version").get(
            round=self.round, need=f"marks.{name}"
        )
        return panel_of(channel)

    def key(self, name: str) -> str:
        return department_key(self.units[name].pk)

    def cells(self, marks: Mapping[str, Any]) -> dict[Cell, str]:
        """Name of a unit → its mark, or {aspect: mark}."""
        found: dict[Cell, str] = {}
        for name, given in marks.items():
            row = given if isinstance(given, dict) else {TOTAL: given}
            found |= {(self.key(name), column): str(value) for column, value in row.items()}
        return found

    def marker(
        self, panel: str, name: str, *, unit: str = "", account: User | None = None, paper: bool = False
    ) -> MarkSheet:
        """Name a marker, with an account of their own unless on paper."""
        if account is None and not paper:
            account = User.objects.create_user(f"{panel}-{name}", role=Role.MARKER)
        made = panels.add_marker(
            panel=self.panel(panel),
            name=name,
            unit=self.units.get(unit),
            account=account,
            acting_user=self.operator,
        )
        return made.sheets.get()

    def save(self, sheet: MarkSheet, marks: Mapping[str, Any]) -> MarkSheet:
        return marking.save_marks(
            sheet=sheet, typed=self.cells(marks), seen=fresh(sheet).version, acting_user=owner(sheet)
        )

    def submit(
        self, sheet: MarkSheet, marks: Mapping[str, Any], *, zeros_confirmed: bool = False
    ) -> MarkSheet:
        return marking.submit_sheet(
            sheet=sheet,
            typed=self.cells(marks),
            seen=fresh(sheet).version,
            zeros_confirmed=zeros_confirmed,
            now=NOW,
            acting_user=owner(sheet),
        )

    def receive(self, sheet: MarkSheet) -> MarkSheet:
        return paper.receive_sheet(
            panel=sheet.marker.panel, number=str(sheet.number), now=NOW, acting_user=self.operator
        )

    def key_in(self, sheet: MarkSheet, marks: Mapping[str, Any], reader: User) -> MarkSheet:
        return paper.key_sheet(sheet=sheet, typed=self.cells(marks), acting_user=reader)

    def open(self, name: str = "leaders") -> Panel:
        for user in (self.reviewer, self.inspector):
            panels.sign(panel=self.panel(name), act=PanelAct.Act.OPEN, now=NOW, acting_user=user)
        return self.panel(name)

    def settle(self, name: str) -> Channel:
        channel = self.panel(name).channel
        return gathering.settle_channel(channel=channel, now=NOW, acting_user=self.reviewer)

    def give(self, name: str, columns: Iterable[Mapping[str, Any]]) -> None:
        """Each marker's marks by unit, from the sheet to the settled channel."""
        for number, marks in enumerate(columns):
            self.submit(self.marker(name, f"评议人{number}"), marks, zeros_confirmed=True)
        self.open(name)
        self.settle(name)

    def compute(self) -> Result:
        """With whatever stands in the ledger of the year."""
        book = Channel.objects.get(round=self.round, kind=Channel.Kind.LEDGER)
        gathering.settle_channel(channel=book, now=NOW, acting_user=self.reviewer)
        gathering.end_gathering(round=self.round, today=TODAY, acting_user=self.operator)
        services.compute_round(
            round=Round.objects.get(pk=self.round.pk), now=NOW, reason="", acting_user=self.operator
        )
        return Result.objects.get(round=self.round)


@stored
def begun(*, by_aspect: bool = False) -> Zone:
    return Zone(by_aspect=by_aspect).begin()


def owner(sheet: MarkSheet) -> User:
    account = Marker.objects.get(pk=sheet.marker_id).account
    assert account is not None
    return account


def fresh(sheet: MarkSheet) -> MarkSheet:
    return MarkSheet.objects.get(pk=sheet.pk)
