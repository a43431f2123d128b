"""Sittings in numbers: what a town may still invite, who came, and whether all adds up (YC-R5, YC-R6)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Sum

from departments.models import Town
from surveys.models import BatchCount, Sitting, SlipBatch, Stratum, Survey

State = Sitting.State
Told = tuple[str, str, bool]
"""Key, sentence, whether it holds: as the counting controls of the box have it."""


@dataclass(frozen=True)
class Cell:
    """One kind of voter in one town: its quota is the slips planned for it."""

    stratum: Stratum
    slips: int
    invited: int
    came: int
    taken: int  # of the quota: who came where a sitting is over, who is invited where it is to come

    @property
    def left(self) -> int:
        return max(0, self.slips - self.taken)


@dataclass(frozen=True)
class TownRow:
    town: Town
    sittings: tuple[Sitting, ...]
    cells: tuple[Cell, ...]

    @property
    def slips(self) -> int:
        return sum(cell.slips for cell in self.cells)

    @property
    def came(self) -> int:
        return sum(cell.came for cell in self.cells)

    @property
    def left(self) -> int:
        return sum(cell.left for cell in self.cells)

    @property
    def may_plan(self) -> bool:
        """Whether another sitting can be planned: one that waits for its list comes first."""
        return all(sitting.state != State.PLANNED for sitting in self.sittings)


def towns(survey: Survey, *, own_town: int | None = None) -> list[TownRow]:
    """Every town that has slips, in its order; five queries however many there are."""
    quota: dict[int, Counter[int]] = defaultdict(Counter)
    batches = SlipBatch.objects.filter(survey=survey, is_void=False)
    for town_id, stratum_id, slips in batches.values_list("town", "stratum").annotate(planned=Sum("size")):
        quota[town_id][stratum_id] += slips
    strata = list(survey.strata.all())
    held: dict[int, list[Sitting]] = defaultdict(list)
    for sitting in survey.sittings.select_related("town"):
        held[sitting.town_id].append(sitting)
    found = Town.objects.filter(pk__in=quota)
    if own_town is not None:
        found = found.filter(pk=own_town)
    return [
        TownRow(
            town,
            tuple(held[town.pk]),
            tuple(
                _cell(stratum, quota[town.pk][stratum.pk], held[town.pk])
                for stratum in strata
                if quota[town.pk][stratum.pk]
            ),
        )
        for town in found
    ]


def _cell(stratum: Stratum, slips: int, sittings: list[Sitting]) -> Cell:
    key = str(stratum.pk)
    invited = [sitting.invited.get(key, [0, 0])[0] for sitting in sittings]
    came = [sum(sitting.attended.get(key, [0, 0])) for sitting in sittings]
    taken = sum(
        there if sitting.state == State.HELD else asked
        for sitting, asked, there in zip(sittings, invited, came, strict=True)
    )
    return Cell(stratum, slips, sum(invited), sum(came), taken)


def cells_of(sitting: Sitting) -> tuple[Cell, ...]:
    rows = towns(sitting.survey, own_town=sitting.town_id)
    return rows[0].cells if rows else ()


# --- Do the counts add up? ----------------------------------------------------------------------------

UNFINISHED = "尚未办结。请镇（街）补登清点数并办结；没有举行的，由纪检监察人员说明"


def sitting_controls(survey: Survey) -> list[Told]:
    """The controls of every sitting; a broken one holds back the publication until it is explained.

    While people may still vote only sittings that are over are looked at; after the close every one is
    that somebody was invited to.
    """
    over = survey.state in Survey.OVER
    sittings = list(survey.sittings.select_related("town").order_by("town__order", "town_id", "number"))
    if all(sitting.state == State.PLANNED for sitting in sittings):
        return []
    names = {str(stratum.pk): stratum.name for stratum in survey.strata.all()}
    counts: dict[int, list[BatchCount]] = defaultdict(list)
    rows = BatchCount.objects.filter(sitting__survey=survey).select_related("batch", "sitting__town")
    for row in rows.order_by("batch__number"):
        counts[row.sitting_id].append(row)
    left: dict[int, tuple[Sitting, int]] = {}
    told: list[Told] = []
    for sitting in sittings:
        if sitting.state == State.HELD:
            told += _held(sitting, counts[sitting.pk], names, left)
        elif over and sitting.state == State.DRAWN:
            said = f"{sitting}：名单已抽取，{UNFINISHED}"
            told.append((f"sitting_counted:{sitting.pk}", said, False))
        left |= {row.batch_id: (sitting, row.returned) for row in counts[sitting.pk]}
    return [*told, *_late([row for rows in counts.values() for row in rows])] if over else told


def _late(rows: list[BatchCount]) -> Iterator[Told]:
    """Whether the bundle has what was counted: figures entered after the close stand only in the record."""
    of_batch: dict[int, list[BatchCount]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.batch.number, row.sitting.number)):
        of_batch[row.batch_id].append(row)
    for found in of_batch.values():
        batch, counted = found[-1].batch, (found[-1].returned, sum(row.spoiled for row in found))
        if sum(counted) > batch.size:
            continue  # cannot be true, and is named above
        holds = counted == (batch.returned, batch.spoiled)
        said = (
            f"{found[-1].sitting.town}第{batch.number}批：各场清点退回{counted[0]}张、损毁{counted[1]}张，"
            f"{'与' if holds else '应与'}截止时写入计票包的退回{batch.returned}张、损毁{batch.spoiled}张相同"
        )
        handed = sum(row.handed_out for row in found)
        if batch.handed_out is not None:
            same = handed == batch.handed_out
            said = f"{said}，发出{handed}张{'与' if same else '应与'}计票包的{batch.handed_out}张相同"
            holds = holds and same
        yield f"sitting_late:{batch.number}", said, holds


def faults_of(sitting: Sitting) -> list[str]:
    names = {str(stratum.pk): stratum.name for stratum in sitting.survey.strata.all()}
    rows = list(sitting.counts.select_related("batch").order_by("batch__number"))
    told = _held(sitting, rows, names, left_before(sitting))
    return [said for _, said, holds in told if not holds]


def left_before(sitting: Sitting) -> dict[int, tuple[Sitting, int]]:
    """{batch: (the last sitting of the town before this one that counted it, what was left of it)}."""
    earlier = BatchCount.objects.filter(
        sitting__survey_id=sitting.survey_id,
        sitting__town_id=sitting.town_id,
        sitting__number__lt=sitting.number,
    )
    rows = earlier.select_related("sitting__town").order_by("sitting__number")
    return {row.batch_id: (row.sitting, row.returned) for row in rows}


def _held(
    sitting: Sitting, rows: list[BatchCount], names: dict[str, str], left: dict[int, tuple[Sitting, int]]
) -> Iterator[Told]:
    for row in rows:
        yield from _of_batch(sitting, row, left.get(row.batch_id))
    handed: Counter[str] = Counter()
    for row in rows:
        handed[str(row.batch.stratum_id)] += row.handed_out
    for key, number in handed.items():
        came = sum(sitting.attended.get(key, [0, 0]))
        holds = number <= came
        rest = f"不多于到场{came}人" if holds else f"应不多于到场{came}人，多{number - came}张"
        said = f"{sitting}：{names[key]}发出凭条{number}张，{rest}"
        yield f"sitting_attended:{sitting.pk}:{key}", said, holds


def _of_batch(sitting: Sitting, row: BatchCount, before: tuple[Sitting, int] | None) -> Iterator[Told]:
    name = f"{sitting}第{row.batch.number}批"
    parts = (row.handed_out, row.returned, row.spoiled)
    handled = f"{name}：发出、退回和损毁{'+'.join(map(str, parts))}张"
    said = f"{handled}，{_equal(sum(parts), row.received, '领取')}"
    yield f"sitting_sum:{sitting.pk}:{row.batch.number}", said, sum(parts) == row.received
    if before is None:
        said = f"{name}：领取{row.received}张，{_equal(row.received, row.batch.size, '印制')}"
        yield f"sitting_received:{sitting.pk}:{row.batch.number}", said, row.received == row.batch.size
    else:
        earlier, kept = before
        said = f"{name}：领取{row.received}张，{_equal(row.received, kept, f'第{earlier.number}场退回')}"
        yield f"sitting_received:{sitting.pk}:{row.batch.number}", said, row.received == kept


def _equal(counted: int, expected: int, what: str) -> str:
    """Say an equation as it is: what holds is stated, what does not says what is missing."""
    if counted == expected:
        return f"等于{what}{expected}张"
    off = f"少{expected - counted}张" if counted < expected else f"多{counted - expected}张"
    return f"应等于{what}{expected}张，{off}"
