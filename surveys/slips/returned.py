"""Slips that came back on paper (退回凭条): how many of each batch, and what their states prove."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from surveys.ballots.control import Control
from surveys.models import Slip, SlipBatch, Survey


@dataclass(frozen=True)
class Back:
    unused: int
    redeemed: int


def scanned(survey: Survey) -> dict[int, Back]:
    rows = Slip.objects.filter(batch__survey=survey, is_returned=True).values("batch", "state")
    found: dict[int, Counter[str]] = {}
    for row in rows.annotate(n=Count("pk")):
        found.setdefault(row["batch"], Counter())[row["state"]] += row["n"]
    return {
        batch: Back(states[Slip.State.VOID], states[Slip.State.REDEEMED]) for batch, states in found.items()
    }


def unused_back(survey: Survey) -> Counter[int]:
    """{batch: unused slips that came back}."""
    return Counter({batch: back.unused for batch, back in scanned(survey).items()})


@dataclass(frozen=True)
class BatchRow:
    """A batch with the numbers of its slips; never how many voted."""

    batch: SlipBatch
    back: Back


def batch_rows(survey: Survey, town_ids: list[int] | None = None) -> list[BatchRow]:
    back = scanned(survey)
    found = SlipBatch.objects.filter(survey=survey, is_printed=True, is_void=False)
    if town_ids is not None:
        found = found.filter(town_id__in=town_ids)
    found = found.select_related("town", "stratum").order_by("number")
    return [BatchRow(batch, back.get(batch.pk, Back(0, 0))) for batch in found]


def returned_controls(survey: Survey, rows: list[BatchRow] | None = None) -> list[Control]:
    """A slip that came back must not have voted; nobody returns more than was entered.

    Known before the close, too: they say nothing about the box. `rows`: where they are at hand.
    """
    known = batch_rows(survey) if rows is None else rows
    found = [control for row in known for control in _of(row.batch, row.back)]
    if survey.state in Survey.OVER:  # the bundle says it from here on
        return found
    return [*found, *[_uncounted(row.batch) for row in known if row.batch.handed_out is None]]


def _uncounted(batch: SlipBatch) -> Control:
    said = f"{batch.town}第{batch.number}批：印制{batch.size}张，没有清点发出、退回和损毁的张数"
    return Control(f"batch_counted:{batch.number}", said, holds=True, uncounted=True)


def _of(batch: SlipBatch, back: Back) -> list[Control]:
    name, entered = f"{batch.town}第{batch.number}批", batch.returned + batch.spoiled
    found = [
        Control(
            f"returned_redeemed:{batch.number}",
            f"{name}：退回的凭条中已兑换的{back.redeemed}张，应为0张",
            back.redeemed == 0,
            explainable=True,
        )
    ]
    if entered:
        said = f"{name}：扫描退回凭条{back.unused + back.redeemed}张，不多于登记退回和损毁{entered}张"
        holds = back.unused + back.redeemed <= entered
        found.append(Control(f"returned_scanned:{batch.number}", said, holds, explainable=True))
    return found
