"""A round of a scheme without ballot, gathered through the services that people's pages call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from departments.models import Department
from evaluations import services
from evaluations.gathering.entries.grid import REASON, TypedRow
from evaluations.gathering.kinds import kind_of
from evaluations.models import Channel, Result, Round
from office.models import User
from office.roles import Role

NOW = datetime(2026, 9, 30, 2, 0, tzinfo=UTC)
TODAY = date(2026, 9, 30)
SOURCE = TypedRow(source="县纪委监委通报第3期", source_on="2026-09-25")


class Office:
    """People of the centre, some units of one group, and a round of a shipped scheme that gathers."""

    round: Round

    def __init__(
        self,
        scheme: str,
        units: Mapping[str, str],
        *,
        options: Mapping[str, Any] | None = None,
        channels: Mapping[str, str] | None = None,
    ) -> None:
        """`units`: name → peer group; `channels`: need → kind, where it is not the usual one."""
        self.operator = User.objects.create_user("经办", role=Role.CENTRE_OPERATOR)
        self.reviewer = User.objects.create_user("复核", role=Role.CENTRE_REVIEWER)
        self.departments = {
            name: Department.objects.create(name=name, order=order, peer_group=group)
            for order, (name, group) in enumerate(units.items())
        }
        (version,) = [one for one in services.load_schemes() if one.scheme_id == scheme]
        round_ = services.create_round(
            title="2026年第三季度监测",
            period="2026-Q3",
            scheme_version=version,
            base_date=date(2026, 9, 1),
            persons_public="none",
            persons_public_decision="",
            acting_user=self.operator,
            options=dict(options or {}),
            channels=channels,
        )
        round_ = services.freeze_subjects(round=round_, acting_user=self.operator)
        self.round = services.begin_gathering(round=round_, today=TODAY, acting_user=self.operator)

    def channel(self, need: str) -> Channel:
        return Channel.objects.select_related("round__scheme_version", "round__survey").get(
            round=self.round, need=need
        )

    def row(self, name: str) -> int:
        return self.round.departments.get(name=name).pk

    def enter(self, need: str, rows: Mapping[str, TypedRow], default: TypedRow | None = None) -> int:
        typed = {self.row(name): row for name, row in rows.items()}
        return services.enter_in_grid(
            channel=self.channel(need), typed=typed, default=default, now=NOW, acting_user=self.operator
        )

    def confirm(self, need: str) -> int:
        return services.confirm_entries(channel=self.channel(need), now=NOW, acting_user=self.reviewer)

    def name_indicators(self, need: str, names: Iterable[str]) -> Channel:
        return services.name_indicators(channel=self.channel(need), names=names, acting_user=self.operator)

    def settle(self, need: str) -> Channel:
        return services.settle_channel(channel=self.channel(need), now=NOW, acting_user=self.reviewer)

    def set_aside(self, need: str) -> Channel:
        return services.set_channel_aside(
            channel=self.channel(need), reason="本季度没有", now=NOW, acting_user=self.reviewer
        )

    def facts(self, need: str) -> dict[str, Any]:
        channel = self.channel(need)
        return kind_of(channel).facts(channel)

    def missing(self, need: str) -> list[str]:
        channel = self.channel(need)
        return kind_of(channel).progress(channel).missing

    def key(self, name: str) -> str:
        return f"d{self.departments[name].pk}"

    def result(self) -> Result:
        """End gathering and compute."""
        services.end_gathering(round=self.round, today=TODAY, acting_user=self.operator)
        return services.compute_round(
            round=Round.objects.get(pk=self.round.pk), now=NOW, reason="", acting_user=self.operator
        )


def typed(*, remark: str | None = None, remarks: Mapping[str, str] | None = None, **values: str) -> TypedRow:
    """What was typed for a unit: `total` is the value of a grid with one column."""
    given = {REASON if item == "total" else item: text for item, text in values.items()}
    said = dict(remarks or {}) | ({REASON: remark} if remark is not None else {})
    return TypedRow(values=given, remarks=said)
