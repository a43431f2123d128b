"""Make plates for places, end them in one click, and find the live one behind a code."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from casework.matters.numbers import LETTERS
from casework.matters.turns import take_turn
from casework.models import Matter, Plate
from casework.procedures.stored import in_use
from office import audit, roles
from office.errors import Refused
from office.models import User

CODE_LENGTH = 10
MOST_AT_ONCE = 200
LONGEST_PLACE = 80
LONGEST_REASON = 120


@transaction.atomic
def make_plates(*, places: Sequence[str], kind: str, valid_from: date, acting_user: User) -> list[Plate]:
    """Make one plate for each place; a place that has a live one gets no second."""
    roles.require(acting_user, "plate.edit")
    wanted = [" ".join(place.split()) for place in places if place.strip()]
    if not wanted:
        raise Refused("没有填写放置地点", "请每行填写一个地点。")
    if len(wanted) > MOST_AT_ONCE:
        raise Refused(f"一次最多制作{MOST_AT_ONCE}块", "请分次制作。")
    if kind not in Plate.Kind.values:
        raise Refused("没有这一地点类别", "请刷新页面后重新选择。")
    if long := next((place for place in wanted if len(place) > LONGEST_PLACE), ""):
        raise Refused(f"“{long[:20]}…”超过{LONGEST_PLACE}字", "请写得简短一些。")
    take_turn("plates")
    live = set(Plate.objects.filter(ended_on=None, place__in=wanted).values_list("place", flat=True))
    twice = {place for place in wanted if wanted.count(place) > 1}
    if again := sorted(live | twice):
        raise Refused(f"{'、'.join(again)}重复", "一处地点只放一块牌；更换的，请停用原牌并换发。")
    return [_made(place, kind, valid_from, acting_user) for place in wanted]


def _made(place: str, kind: str, valid_from: date, user: User, replaces: Plate | None = None) -> Plate:
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    plate = Plate.objects.create(place=place, kind=kind, code=code, valid_from=valid_from, replaces=replaces)
    after = {"放置地点": place, "启用日期": valid_from.isoformat()}
    audit.record("制作监督评议牌", plate, acting_user=user, after=after)
    return plate


@transaction.atomic
def end_plate(*, plate: Plate, reason: str, replace: bool, today: date, acting_user: User) -> Plate | None:
    """Make a plate dead at once; return the one that takes its place, where one is asked for."""
    roles.require(acting_user, "plate.edit")
    why = " ".join(reason.split())
    if not why:
        raise Refused("没有写明停用原因", "例如：牌面损坏、被人更换、地点撤销。")
    if len(why) > LONGEST_REASON:
        raise Refused(f"停用原因超过{LONGEST_REASON}字", "请写得简短一些。")
    current = Plate.objects.select_for_update().get(pk=plate.pk)
    if current.is_dead:
        raise Refused("这块牌已经停用", "请刷新页面，查看最新情况。")
    current.ended_on, current.ended_reason = today, why
    current.save(update_fields=["ended_on", "ended_reason"])
    after = {"停用日期": today.isoformat(), "停用原因": why}
    audit.record("停用监督评议牌", current, acting_user=acting_user, after=after)
    return _made(current.place, current.kind, today, acting_user, replaces=current) if replace else None


def plate_of(code: str) -> Plate | None:
    """Return the plate that a code was printed on, dead or alive; letters are read as typed."""
    return Plate.objects.filter(code=code.strip().upper()).first() if code.isascii() else None


def address_of(plate: Plate) -> str:
    return f"{settings.PUBLIC_ORIGIN}/p/{plate.code}/"


def sums_of_places() -> dict[int, str]:
    """Return how many matters came by each plate, by desk; below the procedure's number only that.

    Nobody can tell from it whether a single person at a small place has reported.
    """
    counted = (
        Matter.objects.exclude(plate=None)
        .order_by("plate")
        .values("plate", "procedure_id")
        .annotate(n=Count("pk"))
    )
    rules = {name: in_use(name).procedure for name in {row["procedure_id"] for row in counted}}
    found: dict[int, list[str]] = {}
    for row in counted:
        procedure = rules[row["procedure_id"]]
        if row["n"] >= procedure.visibility.place_sums_from:
            found.setdefault(row["plate"], []).append(f"{procedure.desk} {row['n']} 件")
    return {plate: "、".join(lines) for plate, lines in found.items()}
