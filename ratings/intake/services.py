"""Take a rating in: once, with its day and nothing else; hold what a person should look at (GY-R4)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from casework.models import ProcedureVersion
from office import dates
from office.calendar.days import local, shifts_on
from office.errors import Refused
from ratings.follow_up.sealing import seal_phone
from ratings.intake import limits
from ratings.intake.words import LONGEST_TEXT, cleaned
from ratings.models import BadRatingContact, Rating, RatingCode
from ratings.rules import RatingRules, rules_of
from ratings.tickets.using import Used, use_ticket

KEY = re.compile(r"[0-9a-f]{32}")
PHONE = re.compile(r"[0-9+][0-9 -]{4,28}")

AGAIN = "同一手机当日再次评价"
BURST = "短时间内集中评价"
AFTER_HOURS = "办公时间以外"
BEYOND_SERVED = "超过当日办件量"  # found when the number of a day is entered


@dataclass(frozen=True)
class Given:
    """What was chosen and typed on the page; `key` is drawn when the page is shown.

    `number` is a phone number to be called back, `device` what is known of the phone, kept nowhere.
    """

    level: str
    key: str
    aspects: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    text: str = ""
    ticket: str = ""
    number: str = ""
    device: str = ""
    held: str = ""


@dataclass(frozen=True)
class Taken:
    is_again: bool = False
    will_be_called: bool = False
    number_is_dropped: bool = False


def take_rating(*, code: RatingCode, given: Given, now: datetime) -> Taken:
    """Store a rating under its day; a form sent again is answered as the first time and stored once."""
    rules = rules_of(code.rules_id)
    today = timezone.localtime(now).date()
    _check(code, rules, given, today)
    sent_mark = _sent_mark("rating", code, given.key)
    is_called = _is_called(rules, given)
    taken = Taken(will_be_called=is_called, number_is_dropped=bool(_number(given)) and not is_called)
    again = replace(taken, is_again=True)
    with transaction.atomic():
        if Rating.objects.filter(sent_mark=sent_mark).exists():
            return again
        # Two marks of one form: with one alone, ticket and rating would stand side by side until the night.
        mark = _sent_mark("ticket", code, given.key)
        used = None
        if given.ticket:
            used = use_ticket(number=given.ticket, code=code, today=today, sent_mark=mark)
            if used.is_again:
                return again
        held = given.held or _held(code, rules, given, used, now)
        rating = Rating(
            code=code,
            day=today,
            has_ticket=used is not None,
            level=given.level,
            aspects=aspects_text(rules, given.aspects),
            reasons="、".join(one for one in rules.reasons.items if one in given.reasons),
            text=cleaned(given.text),
            state=Rating.State.HELD if held else Rating.State.COUNTED,
            held_because=held,
            sent_mark=sent_mark,
        )
        # A failing statement would stand in PostgreSQL's log: of two forms at once none fails.
        Rating.objects.bulk_create([rating], ignore_conflicts=True)
        if is_called and Rating.objects.filter(pk=rating.pk).exists():
            BadRatingContact.objects.create(rating=rating, sealed=seal_phone(rating, _number(given)))
    return taken


def open_desks(rules: RatingRules) -> set[str]:
    """Return which procedures of bad ratings and complaints take matters in here (自行受理), in one query."""
    asked = {rules.complaints.procedure} | ({rules.bad_ratings.procedure} if rules.bad_ratings else set())
    rows = ProcedureVersion.objects.filter(procedure_id__in=asked, is_active=True, own_intake=True)
    return set(rows.values_list("procedure_id", flat=True))


def takes_in(rules: RatingRules, is_open: set[str]) -> bool:
    """Whether this county rates by itself; else the platform above takes all in."""
    return rules.bad_ratings is None or rules.bad_ratings.procedure in is_open


def aspects_text(rules: RatingRules, given: Mapping[str, str]) -> str:
    return ";".join(f"{one}={given[one]}" for one in rules.aspect_ids if given.get(one))


def _check(code: RatingCode, rules: RatingRules, given: Given, today: date) -> None:
    if code.is_dead:
        raise Refused("这个评价码已经停用", "请扫现场的新码。")
    if today < code.valid_from:
        raise Refused(f"这个评价码自{dates.day(code.valid_from)}启用", "请在启用之后评价。")
    if code.kind == RatingCode.Kind.WALL:
        raise Refused("没有选择窗口", "请先选择办事的窗口。")
    if not KEY.fullmatch(given.key):
        raise Refused("提交的内容不完整", "请刷新页面后重新评价。")
    if given.level not in rules.words:
        raise Refused("没有选择满意程度", f"请从{'、'.join(rules.words)}中选一项。")
    for aspect, level in given.aspects.items():
        if aspect not in rules.aspect_ids or (level and level not in rules.words):
            raise Refused("分项评价的内容有误", "请刷新页面后重新选择。")
    if len(given.text) > LONGEST_TEXT:
        raise Refused(f"意见超过{LONGEST_TEXT}字", "请写得简短一些。")
    if (number := _number(given)) and not PHONE.fullmatch(number):
        raise Refused("联系电话有误", "请填写手机号或者带区号的固定电话，也可以不填。")


def _is_called(rules: RatingRules, given: Given) -> bool:
    bad = given.level in rules.bad_words
    return rules.bad_ratings is not None and bad and bool(_number(given))


def _number(given: Given) -> str:
    """The phone number as it was meant: figures of a Chinese keyboard may be of full width."""
    return unicodedata.normalize("NFKC", given.number).strip()


def _held(code: RatingCode, rules: RatingRules, given: Given, used: Used | None, now: datetime) -> str:
    """Why a person has to look at a rating before it counts; nothing where it counts at once.

    A pile of printed tickets may lie with whoever wants good ratings: they excuse the hour alone.
    """
    today = timezone.localtime(now).date()
    holding = rules.holding
    burst = limits.seen.is_burst(code.pk, holding.burst_most, holding.burst_minutes, today)
    again = limits.seen.rated_before(given.device, code.pk, today) if given.device else False
    if burst:
        return BURST
    if again and (used is None or used.is_printed):
        return AGAIN
    if used is None and _is_after_hours(code, holding.after_hours_minutes, now):
        return AFTER_HOURS
    return ""


def _is_after_hours(code: RatingCode, minutes: int, now: datetime) -> bool:
    """Whether the hall was closed, and had been for a while: people rate on their way home."""
    moment = local(now)
    shifts = shifts_on(moment.date(), code.hall.name if code.hall else "")
    if not shifts:
        return True
    opened, closed = (datetime.combine(moment.date(), one) for one in (shifts[0].opens, shifts[-1].closes))
    return not opened <= moment <= closed + timedelta(minutes=minutes)


def _sent_mark(of: str, code: RatingCode, key: str) -> str:
    return salted_hmac(f"ratings.sent-form.{of}", f"{code.pk}:{key}", algorithm="sha256").hexdigest()
