"""The register as a list: filtered, summed by state, as a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from evaluations.consequences.reach import SETTLED, visible
from evaluations.consequences.services import waits_to_be_registered
from evaluations.models import Disposition, DispositionPaper, Round
from evaluations.models.consequences import SERVED, Dispositions
from evaluations.scoring.measures import KIND_LABELS
from office import audit, roles
from office.models import User
from office.workbooks.writing import workbook

State, Paper = Disposition.State, DispositionPaper.State
ACTION = "register.view"
HEADINGS = (
    *("登记号", "单位", "对象", "姓名", "时任职务", "处置", "种类", "起因", "条款", "考核分", "考核年度"),
    *(
        "轮次",
        "状态",
        "决定机关",
        "文号",
        "决定日期",
        "决定内容",
        "送达日期",
        "送达方式",
        "签收人",
        "签收日期",
    ),
    *("影响期起", "影响期止", "履行日期", "撤销日期", "撤销文号", "理由"),
)


def overdue(day: date) -> Q:
    """Select what has a paper that is late on this day."""
    late = DispositionPaper.objects.filter(due_on__lt=day, state__in=(Paper.DUE, Paper.RETURNED))
    return Q(state__in=SERVED, pk__in=late.values("disposition"))


def waiting_for(user: User) -> Q:
    """Select what this user may do next: decide, serve, check a paper, note what was restored."""
    found = Q(pk=None)
    if roles.allowed(user, "register.decide"):
        found |= Q(state=State.PROPOSED) | Q(restore_flagged=True)
    if roles.allowed(user, "register.serve"):
        found |= Q(state=State.DECIDED)
    if roles.allowed(user, "register.check"):
        handed = DispositionPaper.objects.filter(state=Paper.HANDED_IN).exclude(handed_in_by=user)
        found |= Q(state__in=SERVED, pk__in=handed.values("disposition"))
    return found


@dataclass(frozen=True)
class Filters:
    """What was chosen; what is not understood filters nothing."""

    state: str = ""
    kind: str = ""
    unit: int | None = None
    round: int | None = None
    scheme: str = ""
    year: int | None = None
    overdue: bool = False
    mine: bool = False

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        state, kind = query.get("state", ""), query.get("kind", "")
        return cls(
            state=state if state in State.values else "",
            kind=kind if kind in KIND_LABELS else "",
            unit=_number(query.get("unit", "")),
            round=_number(query.get("round", "")),
            scheme=query.get("scheme", "")[:64],
            year=_number(query.get("year", "")),
            overdue=bool(query.get("overdue")),
            mine=bool(query.get("mine")),
        )

    def of(self, user: User, day: date) -> Dispositions:
        found = visible(user).on(day)
        named = {
            "state_now": self.state,
            "kind": self.kind,
            "department": self.unit,
            "round": self.round,
            "round__scheme_version__scheme_id": self.scheme,
            "year": self.year,
        }
        found = found.filter(**{name: value for name, value in named.items() if value})
        if self.overdue:
            found = found.filter(overdue(day))
        return found.filter(waiting_for(user)) if self.mine else found

    def query(self) -> str:
        """Return the filters as an address has them."""
        given = {name: int(value) if value is True else value for name, value in asdict(self).items()}
        return urlencode({name: value for name, value in given.items() if value})


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def sums(rows: Any) -> list[tuple[str, int]]:
    """How many are in each state on the day of the rows, in the order they go through them."""
    counted = dict(rows.order_by().values_list("state_now").annotate(Count("pk")))
    return [(state.label, counted[state]) for state in State if state in counted]


def follows_of(round: Round, user: User) -> dict[str, Any] | None:
    """What a round's page says of the register: sums by state, else whether it waits to be filled."""
    if not roles.allowed(user, ACTION) or round.state not in SETTLED:
        return None
    counted = sums(visible(user).filter(round=round).on(timezone.localdate()))
    waits = not counted and waits_to_be_registered(round)
    return {"sums": counted, "may_register": waits and roles.allowed(user, "round.end_appeals")}


@transaction.atomic
def exported(*, rows: Dispositions, acting_user: User) -> bytes:
    roles.require(acting_user, ACTION)
    written = [_written(one) for one in rows]
    told = {"列表": "处置登记", "行数": len(written)}
    audit.record("导出", acting_user, acting_user=acting_user, after=told)
    return workbook("处置登记", HEADINGS, written)


def _written(one: Any) -> list[Any]:
    return [
        one.register_number,
        one.subject.name,
        one.get_target_display(),
        one.person_name,
        one.person_post,
        one.word,
        one.get_kind_display(),
        one.because,
        one.clause,
        one.points if one.points is None else float(one.points),
        one.year,
        one.round.title,
        State(one.state_now).label,
        one.body,
        one.number,
        one.decided_on,
        one.terms,
        one.served_on,
        one.get_served_way_display(),
        one.received_by,
        one.received_on,
        one.effect_from,
        one.effect_until,
        one.fulfilled_on,
        one.withdrawn_on,
        one.withdrawn_number,
        one.reason,
    ]
