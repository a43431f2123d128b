"""Consequences (处置建议): what a grade, a jump, a place on a list or a streak proposes, for whom and with
which points.

They are proposals: the body with the personnel power decides. A streak counts only rounds with a result
(a round without one neither adds nor breaks, unless the scheme says it breaks) and continues across the
end of a year, unless the scheme ends it there; a count within the year starts again in January.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from evaluations.scoring.facts import PastResult
from evaluations.scoring.grades import Grades
from evaluations.scoring.periods import Period
from office.definitions.numbers import signed
from office.definitions.rule import Id, Number, Part, Rule, Words

Target = Literal[
    "self", "own_section", "supervisor_of_section", "department", "principal", "leading_body", "superior_body"
]
Listed = Literal["best", "worst"]
LISTED_WORDS: dict[str, str] = {"best": "位列前列名单", "worst": "位列末位名单"}
TARGET_LABELS: dict[str, str] = {
    "self": "本人",
    "own_section": "所在科室",
    "supervisor_of_section": "分管负责人",
    "department": "单位",
    "principal": "主要负责人",
    "leading_body": "领导班子",
    "superior_body": "上级主管部门",
}


class Pattern(Part):
    """What one round's result must show: a grade among these, a place on a list, or the last rank."""

    grade: tuple[Words, ...] = ()
    listed: Listed | None = None
    last: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "Pattern":
        if sum(1 for one in (self.grade, self.listed, self.last) if one) != 1:
            raise ValueError("give exactly one of grade, listed, last")
        return self

    def matches(self, result: PastResult) -> bool:
        if self.last:
            return result.last
        return result.grade in self.grade if self.grade else result.listed == self.listed

    def in_words(self) -> str:
        if self.last:
            return "排名末位"
        return "、".join(self.grade) if self.grade else LISTED_WORDS[self.listed or "best"]


class Jump(Part):
    """A rise or a fall by at least so many grades since the last round that gave a grade (跨等次)."""

    rise: int | None = Field(default=None, ge=1)
    fall: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _one_way(self) -> "Jump":
        if (self.rise is None) == (self.fall is None):
            raise ValueError("give either rise or fall, as a number of grades")
        return self


class Streak(Pattern):
    """The pattern in at least ``at_least`` consecutive rounds, this one included.

    With ``at_most`` the rule ends there: the next rung of the ladder is a rule of its own. ``unit: years``
    counts years instead, each by its last round with a result. ``within: year`` starts again in January.
    """

    at_least: int = Field(ge=1)
    at_most: int | None = None
    unit: Literal["rounds", "years"] = "rounds"
    within: Literal["year"] | None = None

    @model_validator(mode="after")
    def _bounded(self) -> "Streak":
        if self.at_least == 1 and self.at_most is None:
            raise ValueError("one round is no streak; give at_most, or a trigger of its own")
        if self.unit == "years" and self.within:
            raise ValueError("years cannot be counted within a year; give unit or within")
        return self


class Count(Pattern):
    """The pattern in at least ``at_least`` rounds of this year, this one included."""

    at_least: int = Field(default=1, ge=1)
    at_most: int | None = None


class Trigger(Part):
    """One way to set off a consequence; exactly one of its keys is given."""

    grade: tuple[Words, ...] = ()
    any_member_grade: tuple[Words, ...] = ()
    grade_jump: Jump | None = None
    listed: Listed | None = None
    last: Literal[True] | None = None
    consecutive: Streak | None = None
    times_in_year: Count | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "Trigger":
        given = [
            self.grade,
            self.any_member_grade,
            self.grade_jump,
            self.listed,
            self.last,
            self.consecutive,
            self.times_in_year,
        ]
        if sum(1 for one in given if one) != 1:
            names = "grade, any_member_grade, grade_jump, listed, last, consecutive, times_in_year"
            raise ValueError(f"a trigger has exactly one of {names}")
        return self


class Streaks(Rule):
    """What a round without a result does to a streak (连续): it is skipped, or it breaks the streak.

    Rounds without a result are those that the history ``given`` has, or also those of the ``calendar``: a
    quarter, month, counted round or year that it leaves out. Two results further than ``at_most_months``
    apart (0: any number) are not consecutive.
    """

    without_result: Literal["skipped", "breaks"] = "skipped"
    rounds: Literal["given", "calendar"] = "given"
    at_most_months: int = Field(default=0, ge=0)


class Consequence(Rule):
    """What follows, and for whom.

    ``annual_points`` are added per round; ``annual_points_to_date`` are the year's total after 1, 2, … times.
    """

    id: Id
    label: Words
    level: Literal["subject", "member"] = "subject"
    triggers: tuple[Trigger, ...] = Field(min_length=1)
    targets: tuple[Target, ...] = Field(min_length=1)
    only_vertical: bool = False
    proposes: tuple[Words, ...] = ()
    annual_points: Number | None = None
    annual_points_to_date: tuple[Number, ...] = ()
    roles: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _targets_fit(self) -> "Consequence":
        if self.level == "subject" and {"self", "own_section"} & set(self.targets):
            raise ValueError(
                "self and own_section are targets of level member; a subject's own target is department"
            )
        if self.annual_points_to_date and not any(trigger.times_in_year for trigger in self.triggers):
            raise ValueError(
                "annual_points_to_date are totals for a count; they need the trigger times_in_year"
            )
        return self


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """What triggers look at: this round's result, the earlier ones (oldest first), and member grades.

    ``member_grades`` pairs a member's name with the grade, for rules about a subject's members.
    """

    now: PastResult
    history: tuple[PastResult, ...] = ()
    member_grades: tuple[tuple[str, str], ...] = ()
    streaks: Streaks | None = None
    rounds_per_year: int | None = None

    def streak(self, pattern: "Streak") -> int:
        """How many consecutive rounds (or years) match, counted back from this one."""
        running, after = 0, None
        breaks = self.streaks is not None and self.streaks.without_result == "breaks"
        for result in self._counted_back(pattern):
            if not result.is_result and not breaks:
                continue
            if not pattern.matches(result) or (after and self._apart(result, after, pattern.unit)):
                break
            running, after = running + 1, result
        return running

    def _counted_back(self, pattern: "Streak") -> list[PastResult]:
        back = [self.now, *reversed(self.history)]
        if pattern.within:
            return [one for one in back if one.year == self.now.year]
        if pattern.unit == "rounds":
            return back
        years: dict[str, PastResult] = {}
        for one in back:
            if one.year not in years or not years[one.year].is_result:
                years[one.year] = one
        return list(years.values())

    def _apart(self, before: PastResult, after: PastResult, unit: str) -> bool:
        """Whether too much time, or a round that the history leaves out, lies between two results."""
        rules = self.streaks or Streaks.model_construct()
        earlier, later = (Period.read(one.year if unit == "years" else one.period) for one in (before, after))
        if earlier is None or later is None:
            return False
        months = later.last_month(self.rounds_per_year) - earlier.last_month(self.rounds_per_year)
        if rules.at_most_months and months > rules.at_most_months:
            return True
        by_calendar = rules.without_result == "breaks" and rules.rounds == "calendar"
        return by_calendar and not later.follows(earlier, self.rounds_per_year)

    def times_in_year(self, pattern: Pattern) -> int:
        """How many rounds of this round's year match, this one included."""
        return sum(
            1
            for result in (*self.history, self.now)
            if result.year == self.now.year and pattern.matches(result)
        )

    def rise(self, grades: Grades) -> int:
        """Grades gained since the last round that gave a grade (negative: lost; 0 if either is missing)."""
        before = [result.grade for result in self.history if result.grade is not None]
        if self.now.grade is None or not before or before[-1] not in grades.names():
            return 0
        return grades.position(before[-1]) - grades.position(self.now.grade)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A consequence that was set off, the reason, and the year's points to date where they are a total."""

    rule: Consequence
    because: str
    points_to_date: Fraction | None = None


def proposals(
    rules: Sequence[Consequence], level: str, record: TrackRecord, grades: Grades | None
) -> list[Proposal]:
    """Every consequence of this level that the record sets off, each once with all its reasons."""
    found: list[Proposal] = []
    for rule in rules:
        if rule.level != level:
            continue
        reasons = [reason for trigger in rule.triggers if (reason := _reason(trigger, record, grades))]
        if reasons:
            found.append(Proposal(rule, "；".join(reasons), _to_date(rule, record)))
    return found


def _to_date(rule: Consequence, record: TrackRecord) -> Fraction | None:
    for trigger in rule.triggers:
        if trigger.times_in_year and rule.annual_points_to_date:
            times = record.times_in_year(trigger.times_in_year)
            return rule.annual_points_to_date[min(times, len(rule.annual_points_to_date)) - 1]
    return None


def _reason(trigger: Trigger, record: TrackRecord, grades: Grades | None) -> str | None:
    """The reason if the trigger fires, else None; exactly one of the trigger's keys is given."""
    now = record.now
    reason: str | None = None
    if trigger.any_member_grade:
        names = [name for name, grade in record.member_grades if grade in trigger.any_member_grade]
        reason = f"{'、'.join(names)}评定为{'、'.join(trigger.any_member_grade)}" if names else None
    elif trigger.grade_jump:
        reason = _jump_reason(trigger.grade_jump, record, grades)
    elif trigger.consecutive:
        streak = trigger.consecutive
        words = "连续 {} 年{}" if streak.unit == "years" else "连续 {} 次{}"
        reason = _counted(streak, record, record.streak(streak), words)
    elif trigger.times_in_year:
        times = record.times_in_year(trigger.times_in_year)
        reason = _counted(trigger.times_in_year, record, times, "本年度第 {} 次{}")
    elif trigger.grade:
        reason = f"评定为{now.grade}" if now.grade in trigger.grade else None
    elif trigger.last:
        reason = "排名末位" if now.last else None
    elif now.listed == trigger.listed:
        reason = LISTED_WORDS[now.listed or "best"]
    return reason


def _counted(pattern: "Streak | Count", record: TrackRecord, times: int, words: str) -> str | None:
    if not pattern.matches(record.now):
        return None
    if times < pattern.at_least or (pattern.at_most is not None and times > pattern.at_most):
        return None
    first = times == 1 and isinstance(pattern, Streak)
    return pattern.in_words() if first else words.format(times, pattern.in_words())


def _jump_reason(jump: Jump, record: TrackRecord, grades: Grades | None) -> str | None:
    if grades is None or not record.history:
        return None
    rise = record.rise(grades)
    if (jump.rise and rise >= jump.rise) or (jump.fall and -rise >= jump.fall):
        before = next(result.grade for result in reversed(record.history) if result.grade is not None)
        return f"由{before}{'升' if rise > 0 else '降'}至{record.now.grade}，跨 {abs(rise)} 个等次"
    return None


def points_in_words(proposal: Proposal) -> str:
    if proposal.points_to_date is not None:
        return f"年度累计 {signed(proposal.points_to_date)} 分"
    points = proposal.rule.annual_points
    return f"年度考核 {signed(points)} 分" if points is not None else ""
