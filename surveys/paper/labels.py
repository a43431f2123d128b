"""Around the keying of paper: numbers to stick on, a sheet set aside, the end of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from office import audit, roles
from office.errors import Refused
from office.jobs import services as jobs
from surveys.ballots.paper import SET_ASIDE
from surveys.models import PaperSheet, Survey
from surveys.paper import numbers, reconciliation

if TYPE_CHECKING:
    from office.models import User

State = PaperSheet.State
MOST_LABELS = 2_000  # at once
SHORTEST_REASON = 5


def make_labels(*, survey: Survey, number: int, acting_user: User) -> list[int]:
    """Fresh random numbers to stick on the sheets once the box is mixed; each is used once at most."""
    roles.require(acting_user, "paper.label")
    if not 1 <= number <= MOST_LABELS:
        raise Refused(f"编号标签每次印1至{MOST_LABELS}个", "请调整数量；不够的可以再印。")
    with transaction.atomic():
        survey = _keyed_now(survey)
        taken = set(PaperSheet.objects.filter(survey=survey).values_list("number", flat=True))
        made = numbers.new_numbers(number, taken)
        PaperSheet.objects.bulk_create(
            [PaperSheet(survey=survey, number=one) for one in made], batch_size=500
        )
        audit.record("印制纸质票编号", survey, acting_user=acting_user, after={"编号数": number})
    return made


def set_aside_sheet(*, survey: Survey, number: str, reason: str, acting_user: User) -> PaperSheet:
    """Take a settled sheet that can be no voter's out of the count, under the reviewer's name."""
    roles.require(acting_user, "paper.decide")
    wanted = numbers.number_in(number)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(f"剔除原因不足{SHORTEST_REASON}个字", "请写明原因。")
    with transaction.atomic():
        survey = _keyed_now(survey)
        sheet = PaperSheet.objects.select_for_update().filter(survey=survey, number=wanted).first()
        if sheet is None or sheet.state != State.SETTLED:
            raise Refused(f"编号{wanted}的测评表还没有核定，不能剔除", "请先录入。")
        if sheet.kind == SET_ASIDE:
            raise Refused(f"编号{wanted}的测评表已经剔除")
        sheet.kind, sheet.marks, sheet.matter, sheet.suggestion = SET_ASIDE, "", "", ""
        sheet.save()
        audit.record("剔除纸质票", sheet, acting_user=acting_user, after={"原因": reason.strip()})
    return sheet


def finish_keying(*, survey: Survey, acting_user: User) -> Survey:
    """End the keying: everything settled, no sheet too many; now the bundle is written."""
    roles.require(acting_user, "paper.finish")
    with transaction.atomic():
        survey = _keyed_now(survey)
        found = reconciliation.reconcile(survey)
        open_ends = [
            f"{State(state).label}：{'、'.join(map(str, listed))}" for state, listed in found.open.items()
        ]
        if open_ends:
            raise Refused(f"还有{found.unsettled}张测评表没有核定，不能结束录入", faults=open_ends)
        if found.too_many:
            raise Refused(
                "测评表多于换领的纸质票，不能结束录入",
                "请查明是哪一张，由复核人员剔除并写明原因：",
                faults=found.too_many,
            )
        survey.paper_finished = True
        survey.save(update_fields=["paper_finished"])
        after = {"换领份数": found.packets, "核定测评表": found.states[State.SETTLED]}
        audit.record("结束纸质票录入", survey, acting_user=acting_user, after=after)
        jobs.enqueue("surveys.bundle", {"survey": survey.pk}, acting_user=acting_user)
    return survey


def _keyed_now(survey: Survey) -> Survey:
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    if survey.state != Survey.State.CLOSED:
        raise Refused("评价截止后、计票前才能办理", "纸质票要在混合之后才编号。")
    if survey.paper_finished:
        raise Refused("本次纸质票录入已经结束")
    if not reconciliation.has_paper(survey):
        raise Refused("本次评价没有换领纸质票的凭条，不需要录入")
    return survey
