"""Facts entered channel by channel, by the services that people's pages call, until each is settled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from evaluations import services
from evaluations.gathering.entries.grid import REASON, TypedRow
from evaluations.gathering.ledger import services as ledger
from evaluations.gathering.ledger.book import ITEM, VETO, days_of_round
from evaluations.gathering.ledger.services import Draft
from evaluations.gathering.sheets import marking, panels
from evaluations.gathering.sheets.form import TOTAL, Cell
from evaluations.models import Channel, PanelAct, Round, RoundDepartment
from evaluations.rounds.subject_keys import department_key
from office.models import User
from office.roles import Role
from tests.evaluations.channels import SOURCE
from tests.evaluations.county import NOW, County

Facts = Mapping[str, Mapping[str, Any]]
"""Name of a unit → its facts; `group` is its peer group."""
AGREED = "会议议定"


class Gatherer:
    """The people of a county who fill the channels of one round."""

    def __init__(self, county: County, round_: Round) -> None:
        self.county, self.round = county, round_
        self.rows: dict[str, RoundDepartment] = {row.name: row for row in round_.departments.all()}

    def gather(self, facts: Facts) -> None:
        for channel in self.round.channels.exclude(kind=Channel.Kind.BALLOT):
            self.fill(self.channel(channel.need), facts)
            self.settle(channel.need)

    def channel(self, need: str) -> Channel:
        return Channel.objects.select_related("round__scheme_version", "round__survey").get(
            round=self.round, need=need
        )

    def settle(self, need: str) -> None:
        services.settle_channel(channel=self.channel(need), now=NOW, acting_user=self.county.reviewer)

    def fill(self, channel: Channel, facts: Facts) -> None:
        if channel.kind == Channel.Kind.LEDGER:
            for name, given in facts.items():
                self.enter_occurrences(name, given)
        elif channel.kind == Channel.Kind.SHEETS:
            panel = channel.need.partition(".")[2]
            self.mark(channel, {name: one.get("marks", {}).get(panel, {}) for name, one in facts.items()})
        else:
            self.type_in(channel, facts)

    def enter_occurrences(self, name: str, given: Mapping[str, Any]) -> None:
        """A number of cases without a day happened in the first month of the period."""
        for item, cases in given.get("occurrences", {}).items():
            for case in cases if isinstance(cases, list) else [{"count": cases}]:
                self.occurred(name, f"{ITEM}:{item}", **case)
        for event in given.get("vetoes", []):
            self.occurred(name, f"{VETO}:{event}")

    def occurred(self, name: str, value: str, **case: Any) -> None:
        day = case.pop("date", "") or (days_of_round(self.round)[0] + timedelta(days=20)).isoformat()
        entered = ledger.enter_occurrence(
            scheme_id=self.round.scheme_version.scheme_id,
            draft=Draft(
                department=self.rows[name].department, value=value, day=date.fromisoformat(day), **case
            ),
            today=NOW.date(),
            now=NOW,
            acting_user=self.county.operator,
        )
        ledger.confirm_occurrences(occurrences=[entered], now=NOW, acting_user=self.county.reviewer)

    def mark(self, channel: Channel, given: Mapping[str, Mapping[str, Any]]) -> None:
        """Each marker of the facts hands in a sheet with all units it names; then two open the panel."""
        panel = panels.panel_of(channel)
        panels.set_by_aspect(panel=panel, by_aspect=False, acting_user=self.county.operator)
        for marker in dict.fromkeys(key for marks in given.values() for key in marks):
            account, _ = User.objects.get_or_create(
                username=f"{channel.need}-{marker}", defaults={"role": Role.MARKER}
            )
            made = panels.add_marker(
                panel=panel, name=marker, unit=None, account=account, acting_user=self.county.operator
            )
            typed: dict[Cell, str] = {
                (department_key(self.rows[name].department_id), TOTAL): str(marks[marker])
                for name, marks in given.items()
                if marker in marks
            }
            marking.submit_sheet(
                sheet=made.sheets.get(),
                typed=typed,
                seen=0,
                zeros_confirmed=True,
                now=NOW,
                acting_user=account,
            )
        for user in (self.county.reviewer, self.county.users["inspectorate"]):
            panels.sign(panel=panel, act=PanelAct.Act.OPEN, now=NOW, acting_user=user)

    def type_in(self, channel: Channel, facts: Facts) -> None:
        need = channel.need
        if need.startswith("external"):
            named = dict.fromkeys(
                one for given in facts.values() for one in given.get("external", {}).get("indicators", {})
            )
            services.name_indicators(
                channel=channel, names=named or ["政务服务"], acting_user=self.county.operator
            )
        rows = {self.rows[name].pk: completed(need, typed_of(need, given)) for name, given in facts.items()}
        services.enter_in_grid(
            channel=self.channel(need), typed=rows, default=SOURCE, now=NOW, acting_user=self.county.operator
        )
        services.confirm_entries(channel=channel, now=NOW, acting_user=self.county.reviewer)


def typed_of(need: str, facts: dict[str, Any]) -> TypedRow:
    """What an operator types for a unit so that the channel gives these facts."""
    kind, _, name = need.partition(".")
    if kind == "conditions":
        given = facts.get("conditions", {})
        found = {key: one if isinstance(one, dict) else {"holds": one} for key, one in given.items()}
        return TypedRow(
            values={key: "是" if one["holds"] else "否" for key, one in found.items()},
            remarks={key: one["remark"] for key, one in found.items() if "remark" in one},
        )
    given = facts.get(kind, {}).get(name)
    if given is None:
        return TypedRow()
    if kind == "answers":
        counts = {f"{question}/{choice}": n for question, row in given.items() for choice, n in row.items()}
        return TypedRow(values={key: str(n) for key, n in counts.items()})
    if need == "marks.innovation" and not isinstance(given, dict):  # golden cases may give the sum alone
        given = {"highlight": min(given, 5), "effect": given - min(given, 5)}
    if not isinstance(given, dict):
        return TypedRow(values={REASON: str(given)})
    values = {key: str(one) for key, one in given.items() if key != "remark" and one is not None}
    if kind == "marks" and "points" in values:
        values = {REASON: values["points"]}
    remark = {REASON: given["remark"]} if "remark" in given else {}
    return TypedRow(values=values, remarks=remark)


def completed(need: str, row: TypedRow) -> TypedRow:
    """The same with what the page asks for besides: zeros of answers, and why something is missing."""
    if need.startswith("answers") and row.values:
        row.values = {f"overall/{choice}": "0" for choice in ("满意", "基本满意", "不满意")} | row.values
    elif need == "conditions":
        decided = {key for key, one in row.values.items() if one == "是"}
        for key, others in (("full_revisit", set()), ("problems_solved", {"no_problems"})):
            if key not in row.values and not decided & others:
                row.remarks[key] = "尚未认定"
    elif not row.values:
        row.remarks[REASON] = "没有数据"
    elif need == "placements.publicity":
        row.remarks.setdefault(REASON, AGREED)  # where it differs from the suggestion
    return row
