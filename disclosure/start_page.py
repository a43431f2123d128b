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
from evaluations.cockpit.deadlines import until_of
from evaluations.models import Appeal, Result, Round, RoundDepartment
from evaluations.results.services import appeals_wait_in, in_force, said_sent_back
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
PANEL_ROUNDS = 5
BEFORE_THE_END = (Round.State.CLOSED, Round.State.COMPUTED, Round.State.SIGNED_OFF, Round.State.APPROVED)


@start_page.reminds(*INSIDE)
def rounds(user: User) -> Iterator[start_page.Reminder | start_page.Panel]:
    """What waits in every round that is not published; the panel shows the newest of them."""
    lodged = Count("appeals", filter=Q(appeals__state=Appeal.State.LODGED))
    running = Round.objects.exclude(state__in=ENDED).select_related("survey", "scheme_version")
    found = list(running.annotate(lodged=lodged).prefetch_related("channels").order_by("-id"))
    comments = comment_queries.waiting(round_.survey_id for round_ in found if round_.survey_id)
    appeals = appeals_wait_in(found)
    computed = [one for one in found if one.state in BEFORE_THE_END]
    results = in_force(computed) if computed else {}
    lines = []
    for round_ in found:
        yield from _comments(round_, user, *comments.get(round_.survey_id or 0, (0, 0)))
        waits_for = appeals.get(round_.pk, "")
        counted = bool(round_.survey and round_.survey.counts)
        way = round_progress.steps_of(round_, user, counted=counted, notes={}, appeals=waits_for)
        place = next((place for place, step in enumerate(way) if step.stage == "now"), len(way) - 1)
        yield from _next_step(round_, way[place], user, waits_for, results.get(round_.pk))
        if round_.lodged and roles.allowed(user, "appeal.decide"):
            text = f"{round_.title}：复核 {round_.lodged} 件申诉"
            yield start_page.Reminder(text, reverse("cockpit:appeals", args=[round_.pk]))
        lines.append(_line(round_, way[place], user, place, len(way)))
    if lines:
        yield start_page.Panel("评价轮次进度", _newest(lines))


def _next_step(
    round_: Round, step: round_progress.Step, user: User, waits_for: str, result: Result | None
) -> Iterator[start_page.Reminder]:
    """The step that is due, for who may do it; nobody is asked to confirm what they did themselves."""
    is_over = bool(round_.closes_at and round_.closes_at <= timezone.now())
    is_under_way = round_.state == Round.State.OPEN and not is_over
    if not step.allowed or is_under_way or waits_for == "decide" or _took_part(user, round_, result):
        return
    why = said_sent_back(result) if result and round_.state == Round.State.CLOSED else ""
    limit = until_of(round_, user) if round_.state in (Round.State.OPEN, Round.State.CLOSED) else None
    until = limit.day if limit else None
    yield start_page.Reminder(
        f"{round_.title}：{'重新计算结果' if why else step.button}",
        step.url if waits_for else reverse("cockpit:round", args=[round_.pk]),
        why or _note(round_),
        is_late=bool(why) or is_over,
        until=until,
        leads=True,
    )


def _note(round_: Round) -> str:
    if round_.state == Round.State.SERVED and round_.appeals_until:
        return f"申诉期到{dates.day(round_.appeals_until)}为止。"
    return ""


def _took_part(user: User, round_: Round, result: Result | None) -> bool:
    if result is None or round_.state not in (Round.State.COMPUTED, Round.State.SIGNED_OFF):
        return False
    if round_.state == Round.State.COMPUTED:
        return result.computed_by_id == user.pk
    approves = roles.allowed(user, "round.approve")
    return approves and user.pk in (result.computed_by_id, result.signed_off_by_id)


def _line(round_: Round, step: round_progress.Step, user: User, place: int, count: int) -> start_page.Line:
    limit = until_of(round_, user)
    note = "" if step.allowed else f"由{step.doers}人员办理"
    if round_.survey and round_.state == Round.State.OPEN:
        turnout = queries.turnout_in(round_.survey.turnout)
        note = f"已收到约 {turnout.total} 张，按十取整，" if turnout.as_of else "票数尚无数据，"
        note += "每日更新一次"
    if limit:
        note = f"{limit.said}；{note}" if note else limit.said
    value = f"第 {place + 1} 步，共 {count} 步：{step.title}"
    return start_page.Line(
        round_.title, value, reverse("cockpit:round", args=[round_.pk]), place, count, note
    )


def _newest(lines: list[start_page.Line]) -> list[start_page.Line]:
    if len(lines) <= PANEL_ROUNDS:
        return lines
    rest = start_page.Line(
        "其他轮次", f"还有 {len(lines) - PANEL_ROUNDS} 个未公布的轮次", reverse("cockpit:rounds")
    )
    return [*lines[:PANEL_ROUNDS], rest]


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
        ends_soon = until - today <= timedelta(days=1)
        yield start_page.Reminder(
            f"查看{round_.title}的结果",
            reverse("cockpit:own"),
            "如有异议，可以提出申诉。",
            ends_soon,
            until=until,
        )


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
