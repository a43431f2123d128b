"""Papers that a measure asks for: handed in by the unit, accepted or returned by somebody else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from evaluations.consequences.ending import finish_if_done
from evaluations.consequences.history import note
from evaluations.consequences.reach import locked_row, own
from evaluations.consequences.serving import is_served
from evaluations.models import Disposition, DispositionEvent, DispositionPaper
from office import audit, roles
from office.errors import Refused
from office.files import papers, stored
from office.models import User

State, Act = DispositionPaper.State, DispositionEvent.Act


@transaction.atomic
def hand_in(
    *, paper: DispositionPaper, file: UploadedFile[Any] | None, now: datetime, acting_user: User
) -> DispositionPaper:
    roles.require(acting_user, "register.hand_in")
    if not own(acting_user).filter(pk=paper.disposition_id).exists():
        raise Refused("这份材料不由您所在的单位提交，或者须由部门审核人员提交", "请联系评价中心核对。")
    one = locked_row(paper.disposition, acting_user=acting_user)
    current = _locked(paper)
    _refuse_withdrawn(one)
    if current.state not in (State.DUE, State.RETURNED):
        raise Refused(f"“{current.label}”目前为“{current.get_state_display()}”，不能提交", "请等待核收。")
    if file is None:
        raise Refused("没有选择文件", "请选择要提交的文件。")
    before = current.file.name
    current.state = State.HANDED_IN
    current.handed_in_by, current.handed_in_at = acting_user, now
    current.checked_by = current.checked_at = None
    with papers.put(current, "file", file):
        current.save()
        after = {"材料": current.label, "文件": current.file_name}
        audit.record("提交履行材料", one, acting_user=acting_user, after=after)
        note([one], Act.PAPER, f"{current.label}（{current.file_name}）", now=now, by=acting_user)
    if before:
        transaction.on_commit(lambda: stored.private().delete(before))
    return current


@transaction.atomic
def check(
    *,
    paper: DispositionPaper,
    accepted: bool,
    opinion: str,
    now: datetime,
    today: date,
    acting_user: User,
) -> DispositionPaper:
    """Accept a paper or send it back with an opinion; what all are accepted of is fulfilled."""
    roles.require(acting_user, "register.check")
    one = locked_row(paper.disposition, acting_user=acting_user)
    current = _locked(paper)
    _refuse_withdrawn(one)
    if current.state != State.HANDED_IN:
        raise Refused(
            f"“{current.label}”目前为“{current.get_state_display()}”，不能核收", "请重新打开本页查看。"
        )
    if current.handed_in_by_id == acting_user.pk:
        raise Refused("提交人不能核收自己提交的材料", "请由另一位人员核收。")
    if not accepted and not opinion.strip():
        raise Refused("退回没有写明意见", "请写明须补正什么。")
    current.state = State.ACCEPTED if accepted else State.RETURNED
    current.checked_by, current.checked_at, current.opinion = acting_user, now, opinion.strip()
    current.save()
    verb, act = ("核收履行材料", Act.ACCEPTED) if accepted else ("退回履行材料", Act.RETURNED)
    audit.record(verb, one, acting_user=acting_user, after={"材料": current.label, "意见": current.opinion})
    said = f"{current.label}{f'：{current.opinion}' if current.opinion else ''}"
    note([one], act, said, now=now, by=acting_user)
    if accepted:
        finish_if_done(one, today, now, acting_user)
    return current


def _locked(paper: DispositionPaper) -> DispositionPaper:
    return DispositionPaper.objects.select_for_update(of=("self",)).get(pk=paper.pk)


def _refuse_withdrawn(one: Disposition) -> None:
    if not is_served(one):
        raise Refused(f"这项处置目前为“{one.get_state_display()}”，不再收材料", "不必办理。")
