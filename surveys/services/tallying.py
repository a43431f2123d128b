"""Counting on the server with the passphrase: the weaker mode, in the foreground, in memory only."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import transaction
from django.db.models import Count

from office import audit, roles
from office.errors import Refused
from surveys import interim
from surveys.ballots import forms
from surveys.models import Ballot, Slip, SlipBatch, Stratum, Survey
from surveys.services.opening import unlocked
from surveys.services.voting import public_of

if TYPE_CHECKING:
    from office.models import User

Json = dict[str, Any]
Progress = Callable[[int, int], None]
SMALLEST_STRATUM = 10  # ballots; smaller strata are pooled with the next before anything is stored
CHUNK = 2000


def tally_survey(
    *, survey: Survey, passphrase: str, acting_user: User, progress: Progress | None = None
) -> Survey:
    """Open and count every ballot, check the box against the slips, store counts and nothing else."""
    roles.require(acting_user, "survey.tally")
    survey = Survey.objects.get(pk=survey.pk)
    if survey.state not in (Survey.State.CLOSED, Survey.State.COUNTED):
        raise Refused("打票尚未截止，不能计票，未作更改。请先截止打票。")
    private = unlocked(survey, passphrase)
    form = public_of(survey.pk, survey.fingerprint)["form"]
    grids: dict[str, np.ndarray[Any, Any]] = {}
    numbers: dict[str, int] = {}
    comments: list[Json] = []
    broken = 0
    total = Ballot.objects.filter(stratum__survey=survey).count()
    done = 0
    for stratum in survey.strata.all():
        grid, number, said, faults = _count(stratum, private, form)
        grids[stratum.kind], numbers[stratum.kind] = grid, number
        comments += said
        broken += faults
        done += number + faults
        if progress:
            progress(done, total)
    _pool_small(grids, numbers)
    controls = _controls(survey, numbers, broken)
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=survey.pk)
        survey.counts = {kind: _readable(form, grid) for kind, grid in grids.items()}
        survey.comments = _split(comments)
        survey.controls = controls
        survey.state = Survey.State.COUNTED
        survey.save(update_fields=["counts", "comments", "controls", "state"])
        after = {"ballots": sum(numbers.values()), "faults": controls["faults"]}
        audit.record("计票", survey, acting_user=acting_user, after=after)
    return survey


def _count(stratum: Stratum, private: bytes, form: Json) -> tuple[np.ndarray[Any, Any], int, list[Json], int]:
    """Count one stratum: a row per cell, a column per place of a choice (0: untouched)."""
    width, places = len(forms.cells(form)), len(form["choices"]) + 1
    grid = np.zeros((width, places), dtype=np.int64)
    offsets = np.arange(width, dtype=np.int64) * places
    number, faults, comments, rows = 0, 0, [], []
    for sealed in stratum.ballots.values_list("sealed", flat=True).iterator(chunk_size=CHUNK):
        try:
            row, said = interim.open_sealed(private, form, bytes(sealed))
        except (interim.CryptoError, ValueError):
            faults += 1
            continue
        rows.append(row)
        comments += said
        number += 1
        if len(rows) == CHUNK:
            grid += _bins(rows, offsets, grid.shape)
            rows = []
    if rows:
        grid += _bins(rows, offsets, grid.shape)
    return grid, number, comments, faults


def _bins(rows: list[bytes], offsets: np.ndarray[Any, Any], shape: tuple[int, int]) -> np.ndarray[Any, Any]:
    block = np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(len(rows), -1)
    return np.bincount((block + offsets).ravel(), minlength=shape[0] * shape[1]).reshape(shape)


def _pool_small(grids: dict[str, np.ndarray[Any, Any]], numbers: dict[str, int]) -> None:
    """Join strata of fewer than 10 ballots to the next smallest, named by `+`."""
    while len(numbers) > 1:
        small, other = sorted(numbers, key=lambda kind: numbers[kind])[:2]
        if numbers[small] >= SMALLEST_STRATUM:
            return
        joined = "+".join(kind for kind in numbers if kind in (small, other))
        grids[joined] = grids.pop(small) + grids.pop(other)
        numbers[joined] = numbers.pop(small) + numbers.pop(other)


def _readable(form: Json, grid: np.ndarray[Any, Any]) -> Json:
    """{subject: {question: {choice: n}}}; untouched counts as 不了解情况."""
    words, unknown = forms.words(form), forms.unknown_word(form)
    counts: Json = {}
    for cell, row in zip(forms.cells(form), grid.tolist(), strict=True):
        told = dict(zip(words, row[1:], strict=True))
        told[unknown] += row[0]
        counts.setdefault(cell.subject, {})[cell.question] = told
    return counts


def _split(comments: list[Json]) -> Json:
    """Comments by department, matter and suggestion apart, shuffled: no ballot can be put together again."""
    split: dict[str, list[Json]] = {}
    for comment in comments:
        told = [{"kind": kind, "text": comment[kind]} for kind in ("matter", "suggestion") if comment[kind]]
        split.setdefault(comment["department"], []).extend(told)
    for told in split.values():
        secrets.SystemRandom().shuffle(told)
    return split


def _controls(survey: Survey, numbers: dict[str, int], broken: int) -> Json:
    """The inequalities of the box; a broken one names itself and stops the publication."""
    faults = []
    if broken:
        faults.append(f"有{broken}张选票无法打开")
    keys = []
    for stratum in survey.strata.all():
        ballots = stratum.ballots.count()
        redeemed = Slip.objects.filter(batch__stratum=stratum, state=Slip.State.REDEEMED).count()
        keys.append({"key": stratum.key_id, "name": stratum.name, "ballots": ballots, "redeemed": redeemed})
        if ballots > redeemed:
            faults.append(f"{stratum.name}：票箱中的选票多于已兑的凭条")
    printed = SlipBatch.objects.filter(survey=survey, is_printed=True).select_related("town", "stratum")
    faults += [
        f"{batch}：登记的凭条数与印制数不符"
        for batch in printed.annotate(registered=Count("slips"))
        if batch.registered != batch.size
    ]
    return {"keys": keys, "ballots": numbers, "broken": broken, "faults": faults}
