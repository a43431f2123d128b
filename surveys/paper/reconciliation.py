"""Reconciliation of paper (纸质票核对): slips exchanged, sheets keyed, sheets that wait for somebody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count

from surveys.ballots import forms
from surveys.ballots.paper import VALID, Sheet, grouped
from surveys.models import PaperReading, PaperSheet, Slip, Survey

State = PaperSheet.State
OPEN_STATES = (State.ONCE, State.DIFFERENT, State.REVIEW)
MOST_LISTED = 100


@dataclass(frozen=True)
class Group:
    """A stratum, or several with fewer than ten packets together: nobody looks at a handful of voters."""

    names: str
    packets: int
    sheets: dict[str, int]  # department → settled sheets


@dataclass
class Reconciliation:
    """Packets, sheets and open ends of one survey."""

    packets: int = 0
    groups: list[Group] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)
    open: dict[str, list[int]] = field(default_factory=dict)
    too_many: list[str] = field(default_factory=list)

    @property
    def unsettled(self) -> int:
        """Sheets that somebody has read and nobody settled."""
        return sum(self.states[state] for state in OPEN_STATES)


def has_paper(survey: Survey) -> bool:
    """Whether anybody exchanged a slip for paper."""
    return Slip.objects.filter(batch__survey=survey, state=Slip.State.PAPER).exists()


def waits_for_paper(survey: Survey) -> bool:
    """Whether the box is closed and its paper not yet keyed: the bundle is written only then."""
    survey = Survey.objects.get(pk=survey.pk)
    return survey.state in Survey.OVER and not survey.paper_finished and has_paper(survey)


def packets(survey: Survey) -> dict[str, int]:
    """{key id: slips exchanged for paper}, of every key."""
    found = {stratum.key_id or "": 0 for stratum in survey.strata.order_by("key_id")}
    rows = Slip.objects.filter(batch__survey=survey, state=Slip.State.PAPER).values("batch__stratum__key_id")
    return found | {row["batch__stratum__key_id"] or "": row["n"] for row in rows.annotate(n=Count("pk"))}


def sheets(survey: Survey) -> list[Sheet]:
    """The settled sheets as the bundle lists them."""
    settled = PaperSheet.objects.filter(survey=survey, state=State.SETTLED).select_related("stratum")
    return [
        Sheet(
            f"{one.number:08}",
            (one.stratum.key_id or "") if one.stratum else "",
            one.department,
            one.kind,
            one.marks if one.kind == VALID else "",
            one.matter if one.kind == VALID else "",
            one.suggestion if one.kind == VALID else "",
        )
        for one in settled
    ]


def forget(survey: Survey) -> None:
    """Wipe what was read, once it lies sealed in the bundle; numbers and states stay."""
    PaperReading.objects.filter(sheet__survey=survey).delete()
    PaperSheet.objects.filter(survey=survey).update(marks="", matter="", suggestion="")


def reconcile(survey: Survey) -> Reconciliation:
    """The figures of the reconciliation; only after the close, and in groups of ten packets or more."""
    exchanged = packets(survey)
    form = survey.frozen()
    strata = {key["id"]: key["stratum"] for key in form["keys"]}
    names = {one["id"]: one["name"] for one in forms.sheets(form["form"])}
    counted = _counted(survey)
    found = Reconciliation(packets=sum(exchanged.values()), states=_states(survey), open=_open(survey))
    for keys in grouped(exchanged):
        numbers = {name: sum(counted[key, one] for key in keys) for one, name in names.items()}
        total = sum(exchanged[key] for key in keys)
        found.groups.append(Group("、".join(strata[key] for key in keys), total, numbers))
    for (key, department), number in sorted(counted.items()):
        if number > exchanged.get(key, 0):
            found.too_many.append(
                f"{strata[key]}：{names[department]}的测评表有{number}张，多于换领的{exchanged.get(key, 0)}份"
            )
    return found


def _counted(survey: Survey) -> Counter[tuple[str, str]]:
    rows = PaperSheet.objects.filter(survey=survey, state=State.SETTLED).exclude(kind="set_aside")
    grouped_rows = rows.values_list("stratum__key_id", "department").annotate(n=Count("pk"))
    return Counter({(key or "", department): number for key, department, number in grouped_rows})


def _states(survey: Survey) -> dict[str, int]:
    rows = PaperSheet.objects.filter(survey=survey).values_list("state").annotate(n=Count("pk"))
    return dict.fromkeys(State.values, 0) | dict(rows)


def _open(survey: Survey) -> dict[str, list[int]]:
    """Numbers of the sheets that wait for somebody, so that they are found in the pile."""
    found: dict[str, list[int]] = {}
    rows = PaperSheet.objects.filter(survey=survey, state__in=OPEN_STATES).order_by("number")
    for state, number in rows.values_list("state", "number"):
        found.setdefault(state, []).append(number)
    return {state: numbers[:MOST_LISTED] for state, numbers in found.items()}
