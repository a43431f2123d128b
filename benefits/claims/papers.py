"""The papers of a claim: what is there, what is waived, one notice of all that is missing (GY-R13)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from benefits.claims.checking import check_states
from benefits.models import Claim, ClaimPaper
from casework.matters import files, stopping
from casework.matters.state import at_state
from casework.models import Matter, MatterEvent, MatterFile, Stop
from office import audit, roles
from office.errors import Refused
from office.models import User

State = ClaimPaper.State
Files = Mapping[int, Sequence[files.Read]]
LONGEST_NAME = 100


@dataclass(frozen=True)
class First:
    """What lies with a new claim, by the id of a needed paper."""

    states: Mapping[int, str]
    files: Files


@dataclass(frozen=True)
class HandedIn:
    """What a supplement left missing; where all that was named is there the clocks run on."""

    left: tuple[str, ...]
    is_complete: bool


def of_claim(claim: Claim) -> QuerySet[ClaimPaper]:
    found = claim.papers.select_related("paper").prefetch_related("files")
    return found.order_by("paper__order", "paper_id")


def names_missing(claim: Claim) -> list[str]:
    return [one.paper.name for one in of_claim(claim) if one.state == State.MISSING]


def notice_text(claim: Claim) -> str:
    """What a notice of defects says unless somebody writes more: all that is missing, at once."""
    lacking = names_missing(claim)
    return f"请补交：{'、'.join(lacking)}。" if lacking else ""


def open_notice(claim: Claim) -> Stop | None:
    return claim.matter.stops.filter(last=None).first()


def asked_in(claim: Claim, notice: Stop) -> list[ClaimPaper]:
    """The papers that a notice named; where it named none the window says when it was answered."""
    return [one for one in of_claim(claim) if one.asked_id == notice.pk]


def left_of(claim: Claim, notice: Stop) -> list[str]:
    """Which papers that the notice named are still missing."""
    return [one.paper.name for one in asked_in(claim, notice) if one.state == State.MISSING]


def _named_in(what: str, rows: Iterable[ClaimPaper]) -> list[ClaimPaper]:
    """The papers that a text names; where one name is part of another the longer one is meant."""
    by_name = {one.paper.name: one for one in rows}
    names = "|".join(map(re.escape, sorted(by_name, key=len, reverse=True)))
    return [by_name[name] for name in dict.fromkeys(re.findall(names, what))] if names else []


def put_first(*, claim: Claim, first: First, names: list[str], now: datetime, by: User | None) -> None:
    """Store the papers of a new claim, inside `storing()`; a file makes a paper handed in."""
    ClaimPaper.objects.bulk_create(
        ClaimPaper(claim=claim, paper=paper, state=first.states.get(paper.pk, State.MISSING))
        for paper in claim.version.papers.all()
    )
    _add(claim, first.files, names=names, now=now, by=by)


def _add(claim: Claim, files_of: Files, *, names: list[str], now: datetime, by: User | None) -> list[str]:
    """Store files with their papers, open to the department that decides; return which papers came."""
    came = []
    rows = {one.paper_id: one for one in of_claim(claim)}
    for paper_id, given in files_of.items():
        if not given:
            continue
        row = rows.get(paper_id)
        if row is None:
            raise Refused("材料与办事指南不一致", "请刷新页面后重新提交。")
        _require_room(claim.matter, len(given))
        kind = MatterFile.Kind.REPORTED
        added = files.add_files(
            matter=claim.matter, files=given, kind=kind, names=names, now=now, acting_user=by
        )
        there = row.files.count()
        for number, file in enumerate(added, start=there + 1):
            file.name = f"{row.paper.name[:LONGEST_NAME]}{number}.{file.name.rpartition('.')[2]}"
            file.to_unit = True
            file.save(update_fields=["name", "to_unit"])
        row.files.add(*added)
        if row.state != State.HANDED_IN:
            row.state = State.HANDED_IN
            row.save(update_fields=["state"])
        came.append(row.paper.name)
    return came


def _require_room(matter: Matter, more: int) -> None:
    most = matter.procedure.intake.most_files
    if matter.files.filter(kind=MatterFile.Kind.REPORTED).count() + more > most:
        raise Refused(f"附件超过{most}个", "请把同一材料的几页合成一个 PDF 文件后再提交。")


def check_papers(
    *, claim: Claim, states: Mapping[int, str], files_of: Files, now: datetime, acting_user: User
) -> HandedIn:
    """Write which papers lie there (材料核对), at the window; what a notice named may end it."""
    roles.require(acting_user, "benefit.claim")
    with files.storing() as names, transaction.atomic():
        current = _locked(claim, to="核对材料")
        rows = {one.paper_id: one for one in of_claim(current)}
        check_states(states, {pk: one.paper.may_be_waived for pk, one in rows.items()})
        before = _in_words(current)
        for pk, state in states.items():
            if pk in rows and rows[pk].state != state:
                rows[pk].state = state
                rows[pk].save(update_fields=["state"])
        _add(current, files_of, names=names, now=now, by=acting_user)
        after = _in_words(current)
        if after != before:
            audit.record("核对申请材料", current, acting_user=acting_user, before=before, after=after)
        return _received(current, now, acting_user)


@transaction.atomic
def ask_for_missing(*, claim: Claim, what: str, now: datetime, acting_user: User) -> Stop:
    """Tell the firm once all that is missing (一次性告知); the clocks stand still until the answer.

    Whoever runs the matter tells it, or the unit that has it in hand. A paper that lies there and is named
    is not good enough: it counts as missing until it has come again.
    """
    if not roles.allowed(acting_user, "benefit.decide"):
        roles.require(acting_user, "benefit.claim")
    current = _locked(claim, to="通知补正")
    rows = list(of_claim(current))
    named = _named_in(what, rows)
    if unnamed := [one.paper.name for one in rows if one.state == State.MISSING and one not in named]:
        raise Refused(
            f"没有写到缺少的{'、'.join(unnamed)}，应一次性告知",
            "请写入通知；不需要的，先在材料核对中改为“免提交”或者“已提交”。",
        )
    stop = stopping.ask_supplement(matter=current.matter, what=what, now=now, acting_user=acting_user)
    for one in named:
        one.state, one.asked = State.MISSING, stop
        one.save(update_fields=["state", "asked"])
    return stop


@transaction.atomic
def note_received(*, claim: Claim, now: datetime, acting_user: User) -> Stop:
    """The window says that a notice which named no paper was answered; the clocks run on."""
    roles.require(acting_user, "benefit.claim")
    current = _locked(claim, to="登记补正")
    notice = open_notice(current)
    if notice is not None and (left := left_of(current, notice)):
        raise Refused(f"还缺{'、'.join(left)}", "收到后请在材料核对中登记，全部收到的时限自动继续计算。")
    return stopping.supplement_received(matter=current.matter, now=now, acting_user=acting_user)


def hand_in(*, claim: Claim, files_of: Files, now: datetime) -> HandedIn:
    """The firm hands in what the notice names; once all of it is there the clocks run on."""
    with files.storing() as names, transaction.atomic():
        current = _locked(claim, to="补交材料")
        if open_notice(current) is None:
            raise Refused("没有待补正的通知", "请刷新页面，查看最新情况。")
        came = _add(current, files_of, names=names, now=now, by=None)
        if not came:
            raise Refused("没有选择文件", "请按通知选择要补交的材料。")
        # No audit row: nobody of the office did this.
        told = f"企业补交：{'、'.join(came)}"
        MatterEvent(matter=current.matter, act=MatterEvent.Act.NOTED, at=now, by=None, text=told).save()
        return _received(current, now, None)


def _received(claim: Claim, now: datetime, by: User | None) -> HandedIn:
    notice = open_notice(claim)
    asked = asked_in(claim, notice) if notice else []
    left = tuple(one.paper.name for one in asked if one.state == State.MISSING)
    if is_complete := bool(asked) and not left:
        stopping.supplement_received(matter=claim.matter, now=now, acting_user=by)
    return HandedIn(left, is_complete)


def _locked(claim: Claim, *, to: str) -> Claim:
    at_state(claim.matter, *stopping.WHILE, to=to)
    return Claim.objects.select_related("matter__version", "version", "firm").get(pk=claim.pk)


def _in_words(claim: Claim) -> dict[str, str]:
    return {one.paper.name: str(one.get_state_display()) for one in of_claim(claim)}
