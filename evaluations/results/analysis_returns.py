"""What went out and came back in a round, night by night beside its sittings; else why there is nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from evaluations.gathering.entries import ratings
from evaluations.models import Channel, Interview, MarkSheet, Round
from evaluations.results.analysis_table import Row, Table, percent
from evaluations.results.thin_tables import LEAST
from evaluations.rounds.state import survey_of
from office import dates
from surveys import queries

Kind = Channel.Kind
MANY = 20
"""From so many ballots on, a day without a sitting is pointed out: rounded, at least eleven."""
NOT_COUNTED, NO_RATE = "未清点", "不计算"
FEW = f"不足{LEAST}"


# --- What went out, what came back ------------------------------------------------------------------------


def returns(round_: Round) -> Table:
    """By channel and kind of voter; how few took paper, or a phone, is not said."""
    rows = [row for channel in round_.channels.all() for row in _of_channel(channel)]
    return Table(
        "发放和回收",
        ("渠道", "评价主体", "发出", "收回", "其中纸质", "回收率", "说明"),
        tuple(rows),
        f"凭条和选票以张计，打分表以份计，调查以家计。一类评价主体用纸质或用手机的不足{LEAST}人的，不分列。",
        "本轮没有发放凭条、打分表或者调查名单的渠道，没有回收率。",
        frozenset({2, 3, 4, 5}),
    )


def _of_channel(channel: Channel) -> Iterator[Row]:
    kind = channel.get_kind_display()
    if channel.state == Channel.State.SET_ASIDE:
        yield (kind, "全部", *[NO_RATE] * 4, f"不采用：{channel.set_aside_reason}")
    elif channel.kind == Kind.BALLOT and channel.round.survey is not None:
        yield from (_of_voters(kind, one) for one in queries.returned_by_kind(channel.round.survey))
    elif channel.kind == Kind.SHEETS:
        sheets = MarkSheet.objects.filter(marker__panel__channel=channel).exclude(state=MarkSheet.State.VOID)
        given = sheets.filter(state=MarkSheet.State.SUBMITTED).count()
        yield _counted(kind, "评议人", sheets.count(), given, "作废的打分表不计")
    elif channel.kind == Kind.INTERVIEWS:
        asked = Interview.objects.filter(channel=channel)
        done = asked.filter(state=Interview.State.DONE).count()
        yield _counted(kind, "企业", asked.count(), done, "收回的是调查成功的家数")
    elif channel.kind == Kind.RATINGS:
        told = ratings.total_in_words(channel) or "没有取数"
        yield (kind, "办事群众和企业", *[NO_RATE] * 4, f"扫码即评，没有发放：{told}")
    elif channel.kind == Kind.COUNTS:
        yield (kind, "全部", *[NO_RATE] * 4, "录入的是汇总数，其中没有发放数")


def _of_voters(kind: str, one: queries.Returned) -> Row:
    split = min(one.on_paper, one.ballots - one.on_paper)
    paper = FEW if 0 < split < LEAST else str(one.on_paper)
    if not one.handed_out:
        said = "发出的凭条没有全部清点，登记以后可以计算"
        return (kind, one.name, NOT_COUNTED, str(one.ballots), paper, NO_RATE, said)
    rate = percent(Fraction(one.ballots, one.handed_out))
    said = "收回多于发出，见异常迹象" if one.ballots > one.handed_out else ""
    return (kind, one.name, str(one.handed_out), str(one.ballots), paper, rate, said)


def _counted(kind: str, whom: str, asked: int, given: int, said: str) -> Row:
    rate = percent(Fraction(given, asked)) if asked else NO_RATE
    return (kind, whom, str(asked), str(given), "不分列", rate, said)


# --- Day by day -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Days:
    """The table, and what is odd in it in words."""

    table: Table
    odd: list[str]


def daily(round_: Round) -> Days:
    """The rounded figure of each night, as everybody read it on the board, beside the sittings of the day."""
    survey = survey_of(round_)
    held = queries.held_sittings(survey)
    rows: list[Row] = []
    odd: list[str] = []
    for one in queries.added_by_day(survey):
        first = one.first or round_.opened_on
        there = [each for each in held if (first is None or first <= each.on) and each.on <= one.last]
        came = sum(each.came for each in there)
        if not (one.ballots or there):
            continue
        days, hint = _days(first, one.last), _hint(one, came, is_held=bool(there))
        names = "、".join(each.name for each in there) or "没有"
        rows.append((days, str(one.ballots), str(one.total), names, str(came), hint))
        if hint:
            odd.append(f"{days}新增约{one.ballots}张，{hint}")
    table = Table(
        "每日回收与现场评价",
        ("日期", "新增约（张）", "累计约（张）", "当日现场评价", "到场（人）", "提示"),
        tuple(rows),
        "累计数每晚留存一次，向下按十取整，与评价期间对外公示的相同；新增是两晚之差，与实际相差不到10张。"
        f"没有现场评价而新增{MANY}张以上的，或者新增明显多于到场的，写明提示；领了凭条也可以以后再填。",
        "没有逐日的数字，无从对照。评价开放满一夜的轮次，每晚留存的累计数在此与当日的现场评价对照。",
        frozenset({1, 2, 4}),
    )
    return Days(table, odd)


def _days(first: date | None, last: date) -> str:
    if first == last:
        return dates.day(last)
    return f"{dates.day(first)}至{dates.day(last)}" if first else f"截至{dates.day(last)}"


def _hint(added: queries.Added, came: int, *, is_held: bool) -> str:
    if not is_held:
        return "没有现场评价" if added.ballots >= MANY else ""
    return "多于到场人数" if added.at_least > came else ""


# --- A round without ballots ------------------------------------------------------------------------------


def without_ballots(round_: Round, *, persons: bool) -> list[Table]:
    """What needs ballots stands there all the same, and says why it is empty."""
    kinds = dict.fromkeys(one.get_kind_display() for one in round_.channels.all())
    source = f"评价数据来自{'、'.join(kinds)}" if kinds else "评价数据是另行录入的"
    why = f"本轮没有无记名选票（{source}），本节不适用。"
    titles = ["各类评价主体的占比", "每日回收与现场评价", "异常迹象"]
    if persons:
        titles.insert(1, "各类评价主体的平均分")
    return [Table(title, ("说明",), (), empty=why) for title in titles]
