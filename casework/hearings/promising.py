"""What units promise on air: entered, changed only by a further promise, done only after a check (WY-R6)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from casework.hearings import given_day
from casework.hearings.given_day import Given
from casework.hearings.rules import rules
from casework.matters.clocks import Reckoner
from casework.matters.parties import require_own
from casework.models import Appearance, Episode, Promise, PromiseCheck
from departments.access import belongs_to
from departments.models import Department
from office import audit, dates, roles
from office.errors import Refused
from office.files import papers
from office.models import User

LONGEST_TITLE = 60


@transaction.atomic
def enter_promise(
    *, episode: Episode, unit: Department, text: str, promised_on: date, now: datetime, acting_user: User
) -> Promise:
    """Enter what was promised on air; it is a matter of the unit from here, due on the promised day."""
    roles.require(acting_user, "hearing.edit")
    said = _said(text)
    if promised_on < episode.held_on:
        raise Refused("承诺日期早于播出日期", "请核对节目中承诺的日期。")
    shows_own = episode.appearances.filter(unit=unit, kind=Appearance.Kind.EXPOSES).exists()
    rule = rules().promise
    category = rule.categories["exposes" if shows_own else "answers"]
    given = Given(rule.channel, category, f"公开承诺：{said}"[:LONGEST_TITLE], said, unit, promised_on)
    matter, clock = given_day.give(
        given_day.version_in_use(), given, now=now, acting_user=acting_user, reckoner=Reckoner()
    )
    promise = Promise.objects.create(
        episode=episode,
        unit=unit,
        text=said,
        promised_on=promised_on,
        matter=matter,
        clock=clock,
        entered_by=acting_user,
        entered_at=now,
    )
    after = {"承诺": said[:200], "承诺日期": dates.day(promised_on), "事项": matter.number}
    audit.record("登记公开承诺", promise, acting_user=acting_user, after=after)
    return promise


@transaction.atomic
def change_promise(
    *, promise: Promise, text: str, promised_on: date, reason: str, now: datetime, acting_user: User
) -> Promise:
    """Follow a promise with a new one and say why; the first keeps its day, its clock and its place."""
    roles.require(acting_user, "hearing.edit")
    if not reason.strip():
        raise Refused("没有写明变更理由", "请写明为什么变更承诺，理由随承诺一并公开。")
    first = _locked(promise.first_id or promise.pk)
    _refuse_done(first)
    last = first.later_ones.order_by("-id").first() or first
    if last.pk != promise.pk:
        raise Refused("这项承诺已经变更过", "请刷新页面，在最近一次承诺上变更。")
    said = _said(text)
    if (said, promised_on) == (last.text, last.promised_on):
        raise Refused("内容和日期都没有变更", "请填写新的承诺内容或者日期。")
    made = Promise.objects.create(
        episode=first.episode,
        unit=first.unit,
        text=said,
        promised_on=promised_on,
        follows=last,
        first=first,
        reason=reason.strip()[:300],
        entered_by=acting_user,
        entered_at=now,
    )
    before = {"承诺": last.text[:200], "承诺日期": dates.day(last.promised_on)}
    after = {"承诺": said[:200], "承诺日期": dates.day(promised_on), "理由": made.reason}
    audit.record("变更公开承诺", first, acting_user=acting_user, before=before, after=after)
    return made


@transaction.atomic
def report_promise(
    *, promise: Promise, account: str, is_done: bool, now: datetime, acting_user: User
) -> Promise:
    """The unit says what it will do, or that it kept its word; done is only what the office has checked."""
    roles.require(acting_user, "matter.handle")
    first = _locked(promise.first_id or promise.pk)
    require_own(acting_user, first.unit)
    _refuse_done(first)
    matter = _matter(first)
    if given_day.reported_on(matter) is not None:
        raise Refused("本单位已经报告兑现", "请等待评价中心核验。")
    measures = not is_done and given_day.has_measures(matter)
    report = given_day.report_measures if measures else given_day.report_done
    report(
        given_day.assignment_of(matter),
        account=account,
        outcome=rules().promise.kept,
        now=now,
        acting_user=acting_user,
    )
    verb = "报告承诺措施" if measures else "报告承诺兑现"
    audit.record(verb, first, acting_user=acting_user, after={"情况": account[:200]})
    return first


@transaction.atomic
def check_promise(
    *,
    promise: Promise,
    passes: bool,
    finding: str,
    evidence: UploadedFile[Any] | None,
    now: datetime,
    acting_user: User,
) -> PromiseCheck:
    """Find a promise kept, with evidence, or send it back; never by who entered it or belongs to the unit."""
    roles.require(acting_user, "promise.check")
    first = _locked(promise.first_id or promise.pk)
    _refuse_done(first)
    chain = [first, *first.later_ones.all()]
    if acting_user.pk in {one.entered_by_id for one in chain}:
        raise Refused("承诺须由登记人以外的人员核验", "请由另一人核验。")
    if belongs_to(acting_user, first.unit_id):
        raise Refused("不能核验本单位的承诺", "请由其他单位的人员核验。")
    if not finding.strip():
        raise Refused("没有填写核验情况", "请写明怎样核验、看到什么。")
    matter = _matter(first)
    if passes and evidence is None:
        raise Refused("认定兑现须有佐证", "请上传照片、文件等佐证。")
    reported_on = given_day.reported_on(matter)
    if reported_on is None:
        raise Refused("单位还没有报告兑现", "请先由承办单位报告。")
    check = PromiseCheck(
        promise=first, passes=passes, reported_on=reported_on, finding=finding.strip()[:500], at=now
    )
    check.by = acting_user
    with papers.put(check, "evidence", evidence):
        check.save()
        if passes:
            first.done_on = reported_on
            first.save(update_fields=["done_on"])
            given_day.close(matter, rules().promise.kept, check.finding, now=now, acting_user=acting_user)
        else:
            given_day.send_back(matter, check.finding, now=now, acting_user=acting_user)
        verb = "核验承诺已兑现" if passes else "核验承诺未兑现"
        audit.record(verb, first, acting_user=acting_user, after={"情况": check.finding[:200]})
    return check


def _said(text: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise Refused("没有填写承诺内容", "请写明承诺做什么、做到什么程度。")
    return said[:500]


def _locked(pk: int) -> Promise:
    rows = Promise.objects.select_for_update(of=("self",)).select_related(
        "unit", "episode", "matter__version"
    )
    return rows.get(pk=pk)


def _matter(first: Promise) -> Any:
    return first.matter


def _refuse_done(first: Promise) -> None:
    if first.done_on is not None:
        raise Refused("这项承诺已经核验兑现", "如有新的承诺，请另行登记。")
