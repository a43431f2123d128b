"""An office that keeps the ledger of a shipped scheme: units, two people, rounds that gather."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from departments.models import Department
from evaluations.gathering.ledger import services as ledger
from evaluations.gathering.ledger.services import Draft
from evaluations.models import Channel, Occurrence, Round, SchemeVersion
from evaluations.services import create_round, load_schemes
from office.models import User
from office.roles import Role
from tests.kit.people import person
from tests.kit.stored_states import stored

NOW = datetime(2026, 9, 30, 2, 0, tzinfo=UTC)
TODAY = date(2026, 9, 30)


class LedgerOffice:
    """Units of one group, who enters and who confirms."""

    def __init__(self, scheme_id: str, group: str, units: int = 2) -> None:
        load_schemes()
        self.version = SchemeVersion.objects.get(scheme_id=scheme_id, is_active=True)
        self.scheme_id = scheme_id
        self.group = group
        self.enters = person(Role.CENTRE_OPERATOR, "enters")
        self.confirms = person(Role.CENTRE_REVIEWER, "confirms")
        self.units = [self.unit(f"第{number}局") for number in range(1, units + 1)]

    def unit(self, name: str, group: str = "") -> Department:
        order = Department.objects.count()
        return Department.objects.create(name=name, peer_group=group or self.group, order=order)

    def enter(self, value: str, day: date, unit: Department | None = None, **given: Any) -> Occurrence:
        evidence = given.pop("evidence", None)
        today = given.pop("today", TODAY)
        draft = Draft(department=unit or self.units[0], value=value, day=day, **given)
        return ledger.enter_occurrence(
            scheme_id=self.scheme_id,
            draft=draft,
            evidence=evidence,
            today=today,
            now=NOW,
            acting_user=self.enters,
        )

    def confirm(self, *occurrences: Occurrence, by: User | None = None) -> None:
        ledger.confirm_occurrences(occurrences=occurrences, now=NOW, acting_user=by or self.confirms)

    def confirmed(self, value: str, day: date, unit: Department | None = None, **given: Any) -> Occurrence:
        one = self.enter(value, day, unit, **given)
        self.confirm(one)
        return one

    def withdraw(self, occurrence: Occurrence, by: User | None = None, reason: str = "登记有误") -> None:
        ledger.withdraw_occurrence(
            occurrence=occurrence, reason=reason, now=NOW, acting_user=by or self.confirms
        )

    def round(self, period: str, options: Mapping[str, Any] | None = None) -> Round:
        """A round that gathers; how the other channels are put together is not asked here."""
        made = create_round(
            title=f"{period}评价",
            period=period,
            scheme_version=self.version,
            base_date=TODAY,
            persons_public=Round.PersonsPublic.NONE,
            persons_public_decision="",
            options=options,
            acting_user=self.enters,
        )
        Round.objects.filter(pk=made.pk).update(state=Round.State.OPEN)
        return Round.objects.get(pk=made.pk)

    def channel(self, round_: Round) -> Channel:
        return Channel.objects.select_related("round__scheme_version").get(
            round=round_, kind=Channel.Kind.LEDGER
        )


@stored
def jilin(units: int = 2) -> LedgerOffice:
    return LedgerOffice("jilin-jkq-2021", "局室公司", units)


@stored
def fangcheng(units: int = 2) -> LedgerOffice:
    return LedgerOffice("fangcheng-2022", "责任单位", units)
