"""Ratings of the walk's county in the states that pages show: counted, held, moved, judged and waiting."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from departments.models import Hall, Window
from departments.windows.services import keep
from ratings.models import Judgment, Rating, RatingCode, Served, TicketBatch
from ratings.rules import all_rules
from tests.casework.desk import Desk
from tests.walk.checks import ATTACK

OPENED = date(2026, 1, 1)


class Ratings:
    """What addresses name, and further addresses of pages that look different in each state."""

    def __init__(self, desk: Desk) -> None:
        self.rules_id, self.rules = next(iter(all_rules().items()))
        hall = Hall.objects.create(name="示例评价大厅")
        window = keep(Window(hall=hall, number="9", name="综合受理", department=desk.unit))
        self.code = self._code("window", hall=hall, window=window, unit=desk.unit)
        plate = self._code("plate", unit=desk.unit)
        yesterday = timezone.localdate() - timedelta(days=1)
        self.last_week = yesterday - timedelta(days=yesterday.weekday() + 7)
        told = {"words": ATTACK, "proposed_by": desk.operator, "proposed_on": yesterday}
        agreed = {"state": "agreed", "settled_by": desk.reviewer, "settled_on": yesterday, "opinion": ATTACK}
        for _ in range(self.rules.shown.own_from):
            self._rated(self.last_week)
        moved = self._rated(yesterday, code=plate, moved_from=self.code)
        Judgment.objects.create(rating=moved, act="move", to_code=plate, **told, **agreed)
        excluded = self._rated(yesterday, state="excluded")
        reason = self.rules.excluding.reasons[0].id
        Judgment.objects.create(rating=excluded, act="exclude", reason=reason, **told, **agreed)
        held = self._rated(self.last_week, state="held", held_because="办公时间以外")
        waiting = self._rated(self.last_week, state="held", held_because="办公时间以外")
        Judgment.objects.create(rating=waiting, act="count", **told)
        asked = f"rules={self.rules_id}&first={self.last_week}&last={yesterday}"
        self.values: dict[str, Any] = {"code_id": self.code.pk, "rating_id": held.pk, "hall_id": hall.pk}
        self._brought(desk, hall, window)
        self.more = {
            "ratings:rating": [f"/office/ratings/{one.pk}/" for one in (moved, excluded, waiting)],
            "ratings:register": [f"/office/ratings/?{asked}", f"/office/ratings/?{asked}&state=moved&unit=1"],
            "ratings:figures": [f"/office/ratings/figures/?{asked}"],
            "ratings:codes": [f"/office/ratings/codes/?ended=1&hall={hall.pk}"],
            "ratings:codes-posters": [f"/office/ratings/codes/posters.pdf?size=a5&code={plate.pk}"],
            "ratings:hall": [f"/office/ratings/halls/{hall.pk}/?week={self.last_week}"],
            "ratings:served": [f"/office/ratings/served/?hall={hall.pk}&day={self.last_week}"],
            "ratings:watch": [f"/office/ratings/watch/?month={self.last_week:%Y-%m}"],
        }

    def _code(self, kind: str, **where: Any) -> RatingCode:
        told = {"rules_id": self.rules_id, "code": f"EXAMPLE{kind[:3].upper()}", "valid_from": OPENED}
        return RatingCode.objects.create(kind=kind, **told, **where)

    def _brought(self, desk: Desk, hall: Hall, window: Window) -> None:
        """A wall, a code that ended, a batch of tickets, a day's number."""
        self._code("wall", hall=hall)
        told = {"rules_id": self.rules_id, "kind": "plate", "unit": desk.other_unit, "valid_from": OPENED}
        RatingCode.objects.create(code="EXAMPLEEND", ended_on=OPENED, ended_reason=ATTACK[:120], **told)
        made = {"rules_id": self.rules_id, "hall": hall, "made_on": OPENED, "made_by": desk.clerk}
        TicketBatch.objects.create(kind="roll", size=24, **made)
        Served.objects.create(window=window, day=self.last_week, number=30, entered_by=desk.clerk)

    def _rated(self, day: date, **more: Any) -> Rating:
        bad = self.rules.bad_words[0]
        said = {"level": bad, "text": ATTACK, "reasons": "、".join(self.rules.reasons.items[:2])}
        return Rating.objects.create(**{"code": self.code, "day": day, **said, **more})
