"""The export of the province's 好差评: a case is counted once, and silence is no praise (GY-R4)."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db import models

from office.errors import Refused
from office.imports.unchanged import changed_since_preview
from office.models import User
from office.workbooks.dates import day_of, not_a_day
from office.workbooks.sheets import Fault, ReportProgress, paragraph, squeeze
from office.workbooks.tables import Row, Table
from ratings.codes.making import live_codes
from ratings.incoming import numbers
from ratings.incoming.lists import ListPlan, RatingList
from ratings.incoming.places import HEADINGS as PLACES
from ratings.incoming.places import Place, Places
from ratings.intake.words import cleaned
from ratings.models import Rating, RatingCode, Ticket, TicketBatch
from ratings.rules import RatingRules, all_rules
from ratings.tickets.rolls import store_tickets

HEADINGS = {
    **numbers.HEADINGS,
    **PLACES,
    "level": (
        "满意度",
        "满意度评价",
        "评价等级",
        "评价等次",
        "评价结果",
        "总体满意度",
        "整体满意度",
        "satisfaction",
    ),
    "day": ("评价日期", "评价时间", "evaluateDate"),
    "channel": ("评价渠道", "评价来源", "评价方式", "evaluateChannel"),
    "default": ("是否默认评价", "是否默认好评", "是否系统默认"),
    "text": ("评价内容", "文字评价", "评价意见", "意见建议"),
}
"""Columns of persons are not among them: they are never read."""
AT_ONCE = 500


@dataclass(frozen=True)
class Said:
    """One rating of the export; `is_ticket` says that its case was given to us as a ticket, unused yet."""

    code: RatingCode
    day: date
    level: str
    text: str = field(repr=False)
    is_ticket: bool = False


@dataclass
class ProvincePlan(ListPlan):
    new: dict[str, Said] = field(default_factory=dict)


def _read(table: Table, rules_id: str, today: date, progress: ReportProgress) -> ProvincePlan:
    plan = ProvincePlan(rules_id, today)
    reader = _Reader(plan, table)
    for row in table.rows(progress):
        if not (row.is_blank() or table.leaves_out(row)):
            plan.count("行数")
            reader.read(row)
    reader.compare()
    return plan


class _Reader:
    """The rows of one export on their way, beside the codes under which they would count."""

    def __init__(self, plan: ProvincePlan, table: Table) -> None:
        self.plan, self.table, self.places = plan, table, Places()
        rule = plan.rules.province
        if rule is None:
            raise Refused("评价办法没有写明省级等次怎样对应", "请在评价办法中写明后再导入。")
        self.default_words = rule.default_words
        self.levels = {str(one.value): one.level for one in rule.levels}
        self.levels |= {one.word: one.level for one in rule.levels}
        live = live_codes().filter(rules_id=plan.rules_id).exclude(kind=RatingCode.Kind.WALL)
        self.codes = {(code.window_id, code.unit_id): code for code in live}
        self.rows: dict[str, tuple[Row, Said]] = {}
        self.without: Counter[str] = Counter()

    def read(self, row: Row) -> None:
        if self._is_default(row):
            self.plan.count("系统默认")
            return
        place, day = self.places.of(self.table, row), day_of(row.own["day"] or row.shown["day"])
        level = self.levels.get(squeeze(row.shown["level"]).removesuffix("分").removesuffix("星"), "")
        found: list[Fault] = [*row.faults]
        if isinstance(place, Fault):
            found.append(place)
        if day is None or day > self.plan.today:
            text = "评价日期晚于今天，请核对。" if day else not_a_day(row.shown["day"])
            found.append(self.table.fault(row.number, "day", "not a day", text))
        if not level:
            text = "满意度不是1至5，也不是五个等次之一，请核对。"
            found.append(self.table.fault(row.number, "level", "no level", text))
        # A fault of a text would show what was written.
        self.plan.faults += [one for one in found if one.label != HEADINGS["text"][0]]
        mark = "" if found else numbers.mark_in(self.plan, self.table, row)
        if not mark or day is None or isinstance(place, Fault):
            return
        code = self._code(place)
        if mark in self.rows:
            self.plan.skip("的办件编号在前面已经出现，首次评价有效，略过", row)
        elif code is None:
            self.without[str(place)] += 1
        else:
            text = cleaned(paragraph(row.shown.get("text")))
            self.rows[mark] = (row, Said(code, day, level, text))

    def _is_default(self, row: Row) -> bool:
        told = f"{squeeze(row.shown.get('channel'))}{squeeze(row.shown.get('level'))}"
        return squeeze(row.shown.get("default")) == "是" or any(word in told for word in self.default_words)

    def _code(self, place: Place) -> RatingCode | None:
        return self.codes.get((place.window.pk if place.window else None, place.unit.pk))

    def compare(self) -> None:
        """Leave out what was rated here or came before; first of all what the province counts by itself."""
        plan, stored = self.plan, numbers.known(self.rows)
        levels: Counter[str] = Counter()
        for mark, (row, said) in self.rows.items():
            if stored.get(mark):
                plan.skip("的办件已经评价过或者导入过，每个办件编号只计一次，略过", row)
                continue
            plan.new[mark] = replace(said, is_ticket=mark in stored)
            levels[said.level] += 1
            plan.sealed.update(
                f"{mark}{said.code.pk}{said.day}{said.level}{said.text}{mark in stored}".encode()
            )
        plan.count("计入", len(plan.new))
        plan.count("略过", sum(map(len, plan.skipped.values())))
        plan.count("系统默认", 0)
        plan.count("没有评价码", self.without.total())
        plan.changes += [f"{level}　{levels[level]}条" for level in plan.rules.words if levels[level]]
        if defaults := plan.counts["系统默认"]:
            plan.notes.append(f"系统默认好评{defaults}行不是评价，不计入。")
        if self.without:
            named = "、".join(f"{name}（{n}行）" for name, n in self.without.most_common(20))
            more = f"等{len(self.without)}处" if len(self.without) > 20 else ""
            plan.notes.append(
                f"没有评价码的：{named}{more}，未计入。请先到“评价码”制作，再次上传同一文件即可补上。"
            )


def _write(plan: ProvincePlan, user: User) -> models.Model:
    """Use up the cases that are tickets of ours, keep the others as used, store the ratings beside them."""
    ours = [mark for mark, said in plan.new.items() if said.is_ticket]
    used = sum(
        Ticket.objects.filter(mark__in=ours[start : start + AT_ONCE], is_used=False).update(is_used=True)
        for start in range(0, len(ours), AT_ONCE)
    )
    if used != len(ours):
        raise changed_since_preview()
    others = [mark for mark, said in plan.new.items() if not said.is_ticket]
    batch = TicketBatch(
        rules_id=plan.rules_id,
        kind=TicketBatch.Kind.PROVINCE,
        size=len(others),
        made_on=plan.today,
        made_by=user,
    )
    if others:
        batch.save()
        # All alike: nothing in the row of a case says which rating was its own.
        last_day = plan.today + timedelta(days=plan.rules.tickets.rate_within_days)
        store_tickets([Ticket(batch=batch, mark=mark, last_day=last_day, is_used=True) for mark in others])
    ratings = [
        Rating(
            code=said.code,
            day=said.day,
            channel=Rating.Channel.PROVINCE,
            has_ticket=True,
            level=said.level,
            text=said.text,
        )
        for said in plan.new.values()
    ]
    secrets.SystemRandom().shuffle(ratings)
    Rating.objects.bulk_create(ratings, batch_size=AT_ONCE)
    return batch


def rules_with_province() -> dict[str, RatingRules]:
    return {name: rules for name, rules in all_rules().items() if rules.province is not None}


PROVINCE = RatingList(
    what="省“好差评”评价",
    action="rating.import",
    headings=HEADINGS,
    needed=("number", "unit", "level", "day"),
    days=("day",),
    read=_read,
    write=_write,
    rules=rules_with_province,
    faults_stop=False,
)
