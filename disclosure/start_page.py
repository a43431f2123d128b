"""Reminders and figures about rounds, appeals and disclosure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import cast

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from departments.access import own_unit, own_units
from departments.kinds import DISCLOSING
from disclosure.approval import services as approval
from disclosure.approval.pending import disclosures_of
from disclosure.models import DisclosureVersion
from evaluations.cockpit import round_progress
from evaluations.models import Appeal, Round, RoundDepartment
from evaluations.results.services import appeals_wait_for, sent_back
from evaluations.rounds.state import ENDED
from office import dates, roles
from office.calendar import days
from office.models import User
from office.roles import CENTRE, DEPARTMENT, INSIDE
from office.workbench import start_page
from surveys import queries
from surveys.comments import queries as comment_queries

S = DisclosureVersion.State
PATIENCE = 3  # working days a version may wait before its desk is reminded
ROUNDS = 3


@start_page.reminds(*INSIDE)
def rounds(user: User) -> Iterator[start_page.Reminder | start_page.Panel]:
    """The next step of every round that is not published, and appeals to decide."""
    lodged = Count("appeals", filter=Q(appeals__state=Appeal.State.LODGED))
    running = Round.objects.exclude(state__in=ENDED).select_related("survey", "scheme_version")
    lines = []
    found = list(running.annotate(lodged=lodged).prefetch_related("channels").order_by("-id")[:ROUNDS])
    comments = comment_queries.waiting(round_.survey_id for round_ in found if round_.survey_id)
    for round_ in found:
        survey = round_.survey
        yield from _comments(round_, user, *comments.get(round_.survey_id or 0, (0, 0)))
        counted = bool(survey and survey.counts)
        waits_for = appeals_wait_for(round_)
        way = round_progress.steps_of(round_, user, counted=counted, notes={}, appeals=waits_for)
        place = next((place for place, step in enumerate(way) if step.stage == "now"), len(way) - 1)
        address, step = reverse("cockpit:round", args=[round_.pk]), way[place]
        if step.allowed and round_.state != Round.State.OPEN and waits_for != "decide":
            why = sent_back(round_) if counted and round_.state == Round.State.CLOSED else ""
            text = f"{round_.title}：{'重新计算结果' if why else step.button}"
            yield start_page.Reminder(text, step.url if waits_for else address, why, bool(why))
        if round_.lodged and roles.allowed(user, "appeal.decide"):
            text = f"{round_.title}：复核 {round_.lodged} 件申诉"
            yield start_page.Reminder(text, reverse("cockpit:appeals", args=[round_.pk]))
        note = "" if step.allowed else f"由{step.doers}人员办理"
        if survey and round_.state == Round.State.OPEN:
            turnout = queries.turnout_in(survey.turnout)
            note = f"已收到约 {turnout.total} 张，按十取整，" if turnout.as_of else "票数尚无数据，"
            note += "每日更新一次"
        value = f"第 {place + 1} 步，共 {len(way)} 步：{step.title}"
        lines.append(start_page.Line(round_.title, value, address, place, len(way), note))
    if lines:
        yield start_page.Panel("评价轮次进度", lines)


def _comments(round_: Round, user: User, to_word: int, to_confirm: int) -> Iterator[start_page.Reminder]:
    address = reverse("cockpit:comments", args=[round_.pk])
    if to_word and roles.allowed(user, "comment.propose"):
        yield start_page.Reminder(f"{round_.title}：概括 {to_word} 条意见建议", address)
    if to_confirm and roles.allowed(user, "comment.approve"):
        yield start_page.Reminder(f"{round_.title}：复核 {to_confirm} 条意见建议的概括", address)


@start_page.reminds(*sorted(roles.PERMISSIONS["result.view_own"]))
def served_results(user: User) -> Iterator[start_page.Reminder]:
    """Results that were served on the department, while it may still appeal."""
    today = timezone.localdate()
    mine = RoundDepartment.objects.filter(
        department__in=own_units(user),
        is_judged=True,
        round__state=Round.State.SERVED,
        round__appeals_until__gte=today,
    )
    for round_ in Round.objects.filter(pk__in=mine.values("round")):
        until = cast("date", round_.appeals_until)  # filtered above
        note = f"如有异议，{dates.day(until)}前提出申诉。"
        ends_soon = until - today <= timedelta(days=1)
        yield start_page.Reminder(f"查看{round_.title}的结果", reverse("cockpit:own"), note, ends_soon)


@start_page.reminds(*DEPARTMENT)
def own_disclosure(user: User) -> Iterator[start_page.Reminder | start_page.Panel]:
    """Drafts to hand in, versions to review or to mend, and how complete it all is."""
    unit = own_unit(user)
    if unit is None or unit.kind not in DISCLOSING:
        return
    (one,) = disclosures_of([unit])
    address = reverse("review:department", args=[unit.pk])
    submits = roles.allowed(user, "disclosure.submit")
    if one.returned and submits:
        note = f"退回原因：{one.returned.reason}"
        yield start_page.Reminder("修改被退回的公示内容，重新提交", address, note, is_late=True)
    elif one.changes and submits and not one.waiting:
        yield start_page.Reminder(f"提交公示内容：{len(one.changes)} 处修改尚未提交", address)
    if one.waiting and one.waiting.state == S.SUBMITTED and roles.allowed(user, "disclosure.review"):
        since = timezone.localtime(one.waiting.submitted_at).date()
        yield _waited("审核本单位的公示内容", address, since)
    lines = [
        start_page.Line(
            figure.label,
            f"{figure.done} / {figure.total}",
            address,
            figure.done,
            figure.total,
            _missing(figure.missing, figure.counter),
        )
        for figure in one.figures
    ]
    yield start_page.Panel("本单位公示的完整程度", [start_page.Line("状态", one.in_words, address), *lines])


@start_page.reminds(*CENTRE)
def disclosures(user: User) -> Iterator[start_page.Reminder]:
    """Versions to approve, and departments that show nothing yet."""
    address = reverse("review:overview")
    waiting = DisclosureVersion.objects.filter(state=S.REVIEWED).exclude(submitted_by=user)
    found = waiting.aggregate(count=Count("pk"), handed_in=Min("submitted_at"), reviewed=Min("reviewed_at"))
    if found["count"]:
        since = timezone.localtime(found["reviewed"] or found["handed_in"]).date()
        yield _waited(f"核准 {found['count']} 个单位的公示内容", address, since)
    entered = Q(staff__isnull=False) | Q(sections__isnull=False)
    if first := approval.unpublished().filter(entered).distinct().count():
        yield start_page.Reminder(
            f"公布 {first} 个单位的身份和职责", address, "名册已录入，公示网站上还看不到。"
        )


def _waited(text: str, address: str, since: date) -> start_page.Reminder:
    today = timezone.localdate()
    late = days.calendar().step(since, PATIENCE) < today
    return start_page.Reminder(
        text, address, f"自{dates.day(since)}起等待" + ("，请尽快办理。" if late else "。"), late
    )


def _missing(names: list[str], counter: str) -> str:
    if not names:
        return ""
    return f"还缺：{'、'.join(names[:5])}" + (f"等 {len(names)} {counter}" if len(names) > 5 else "")
