"""Reads facts against a scheme: every fault at once, with its path and what would be right; nothing is guessed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from evaluations.scoring.facts import (
    Answers,
    Counts,
    Event,
    Facts,
    Mark,
    MemberFacts,
    PastResult,
    Placement,
    SectionFacts,
    SubjectFacts,
)
from evaluations.scoring.faults import Fault, InvalidFacts, Path
from evaluations.scoring.loading import Policy
from evaluations.scoring.numbers import exact, plain
from evaluations.scoring.scheme import Scheme
from evaluations.scoring.source import Document
from evaluations.scoring.steps.step import AnswerNeed, Level, MarkNeed, Needs
from evaluations.scoring.vocabulary import vocabulary

_PERIOD = re.compile(r"(\d{4})(?:-([A-Z]?)(\d{1,2}))?\Z")


def read_facts(document: Document, policy: Policy) -> Facts:
    """The facts of a document, checked against the policy under the options the facts themselves choose."""
    reader = _Reader(document)
    facts = reader.facts(document.data, policy)
    if reader.faults or facts is None:
        raise InvalidFacts(sorted(reader.faults, key=lambda fault: fault.line))
    return facts


def facts_from(data: Any, policy: Policy) -> Facts:
    """The facts in plain Python values (as JSON gives them; numbers as integers, ``Decimal`` or text)."""
    return read_facts(Document(data), policy)


@dataclass
class _Reader:
    document: Document
    faults: list[Fault] = field(default_factory=list)
    scheme: Scheme = field(init=False)
    words: Needs = field(init=False)

    # --- small readers, each noting a fault and giving something harmless back -----------------------------------

    def fault(self, path: Path, message: str) -> None:
        self.faults.append(self.document.fault(path, message))

    def mapping(self, node: Any, path: Path, keys: Iterable[str] | None = None) -> dict[str, Any]:
        if node is None:
            return {}
        if not isinstance(node, dict):
            self.fault(path, "must be a mapping (name: value)")
            return {}
        known = None if keys is None else tuple(keys)
        for key in node if known is not None else ():
            if key not in (known or ()):
                self.fault((*path, key), f"unknown key; keys here are {'、'.join(known or ()) or '(none)'}")
        return node

    def listing(self, node: Any, path: Path) -> list[Any]:
        if isinstance(node, list):
            return node
        if node is not None:
            self.fault(path, "must be a list")
        return []

    def text(self, node: Any, path: Path, default: str | None = None) -> str:
        if isinstance(node, str) and node:
            return node
        if isinstance(node, int) and not isinstance(node, bool):
            return str(node)
        if node is None and default is not None:
            return default
        self.fault(path, "is missing; add it" if node is None else "must be a text")
        return ""

    def count(self, node: Any, path: Path) -> int:
        if isinstance(node, int) and not isinstance(node, bool) and node >= 0:
            return node
        self.fault(path, "must be a whole number, 0 or more")
        return 0

    def number(self, node: Any, path: Path, low: Fraction | None = None, high: Fraction | None = None) -> Fraction:
        try:
            value = exact(node)
        except ValueError as error:
            self.fault(path, str(error))
            return Fraction(0)
        if (low is not None and value < low) or (high is not None and value > high):
            bounds = f"between {plain(low or Fraction(0))} and {plain(high)}" if high is not None else "0 or more"
            self.fault(path, f"{plain(value)} is out of range; it must be {bounds}")
        return value

    def one_of(self, value: str, path: Path, choices: Iterable[str], what: str) -> bool:
        known = tuple(choices)
        if value in known:
            return True
        self.fault(path, f"no such {what}; {what}s are {'、'.join(known) or '(none)'}")
        return False

    # --- the round --------------------------------------------------------------------------------------------------

    def facts(self, data: Any, policy: Policy) -> Facts | None:
        if not isinstance(data, dict) or not data:
            self.fault((), "facts are a mapping with scheme, period and subjects")
            return None
        root = self.mapping(data, (), ("scheme", "period", "options", "respondents", "subjects"))
        scheme = self.text(root.get("scheme"), ("scheme",), policy.id)
        options = self.mapping(root.get("options"), ("options",))
        for fault in policy.option_faults(options):
            self.fault(fault.path, fault.message)
        fitting = {key: value for key, value in options.items() if not policy.option_faults({key: value})}
        self.scheme = policy.decide(fitting)
        self.words = vocabulary(self.scheme)
        period = self.text(root.get("period"), ("period",))
        self._period(period, ("period",))
        subjects = self.mapping(root.get("subjects"), ("subjects",))
        if not subjects and isinstance(root.get("subjects"), dict | None):
            self.fault(("subjects",), "holds no subject; add at least one")
        strata = self._strata()
        asked = self.mapping(root.get("respondents"), ("respondents",), strata if strata else ())
        return Facts(
            scheme,
            period,
            fitting,
            {key: self.subject(node, ("subjects", key), period) for key, node in subjects.items()},
            {key: self.count(node, ("respondents", key)) for key, node in asked.items()},
        )

    def _strata(self) -> tuple[str, ...]:
        return tuple(self.scheme.strata.shares) if self.scheme.strata else ()

    def _period(self, period: str, path: Path) -> None:
        if period and not _PERIOD.match(period):
            self.fault(path, "not a period; write it like 2023, 2023-Q3, 2023-09 or 2023-2")

    # --- one subject ------------------------------------------------------------------------------------------------

    _SUBJECT = (
        *("name", "group", "superior_body", "sections", "answers", "members", "answers_by_stratum", "marks"),
        *("occurrences", "not_applicable", "conditions", "measures", "placements", "external", "vetoes", "history"),
    )

    def subject(self, node: Any, path: Path, period: str) -> SubjectFacts:
        if not isinstance(node, dict):
            self.fault(path, "must be a mapping with at least a name")
            return SubjectFacts("", "")
        self.mapping(node, path, self._SUBJECT)
        get = node.get
        members = self.mapping(get("members"), (*path, "members"))
        sections = self.mapping(get("sections"), (*path, "sections"))
        return SubjectFacts(
            name=self.text(get("name"), (*path, "name"), str(path[-1])),
            group=self._group(get("group"), (*path, "group")),
            sections={key: self._section(one, (*path, "sections", key), members) for key, one in sections.items()},
            answers=self._answers(get("answers"), (*path, "answers"), "subject"),
            members={key: self._member(one, (*path, "members", key), period, sections) for key, one in members.items()},
            answers_by_stratum=self._by_stratum(get("answers_by_stratum"), (*path, "answers_by_stratum"), None),
            marks=self._marks(get("marks"), (*path, "marks")),
            occurrences=self._occurrences(get("occurrences"), (*path, "occurrences")),
            not_applicable=self._not_applicable(get("not_applicable"), (*path, "not_applicable")),
            conditions=self._conditions(get("conditions"), (*path, "conditions")),
            measures=self._measures(get("measures"), (*path, "measures")),
            placements=self._placements(get("placements"), (*path, "placements")),
            external=self._external(get("external"), (*path, "external")),
            vetoes=self._vetoes(get("vetoes"), (*path, "vetoes")),
            history=self._history(get("history"), (*path, "history"), period),
            superior_body=self.text(get("superior_body"), (*path, "superior_body"), ""),
        )

    def _group(self, node: Any, path: Path) -> str:
        groups = self.scheme.subjects.groups
        if node is None and len(groups) == 1:
            return next(iter(groups))
        group = self.text(node, path, "" if not groups else None)
        if groups and group:
            self.one_of(group, path, groups, "group")
        return group

    def _section(self, node: Any, path: Path, members: dict[str, Any]) -> SectionFacts:
        found = self.mapping(node, path, ("name", "supervised_by"))
        supervisor = found.get("supervised_by")
        if supervisor is not None and supervisor not in members:
            self.fault((*path, "supervised_by"), f"no such member: {supervisor}; add the supervising leader to members")
        return SectionFacts(self.text(found.get("name"), (*path, "name"), str(path[-1])), supervisor)

    def _member(self, node: Any, path: Path, period: str, sections: dict[str, Any]) -> MemberFacts:
        keys = ("name", "role", "section", "answers", "answers_by_stratum", "history")
        found = self.mapping(node, path, keys)
        role = self.text(found.get("role"), (*path, "role"))
        if role:
            self.one_of(role, (*path, "role"), self.scheme.subjects.roles, "role")
        section = found.get("section")
        if section is not None and section not in sections:
            self.fault(
                (*path, "section"), f"no such section: {section}; sections are {'、'.join(sections) or '(none)'}"
            )
        return MemberFacts(
            self.text(found.get("name"), (*path, "name"), str(path[-1])),
            role,
            section,
            self._answers(found.get("answers"), (*path, "answers"), "member"),
            self._by_stratum(found.get("answers_by_stratum"), (*path, "answers_by_stratum"), "member"),
            self._history(found.get("history"), (*path, "history"), period),
        )

    # --- answers ----------------------------------------------------------------------------------------------------

    def _answers(self, node: Any, path: Path, level: Level | None) -> Answers:
        if not node:
            return {} if node is None else self.mapping(node, path)
        known = {source: need for (of, source), need in self.words.answers.items() if level in (None, of)}
        found: Answers = {}
        for source, questions in self.mapping(node, path).items():
            if self.one_of(source, (*path, source), known, "source of answers"):
                found[source] = self._questions(questions, (*path, source), known[source])
        return found

    def _questions(self, node: Any, path: Path, need: AnswerNeed) -> dict[str, Counts]:
        choices = self.scheme.answer_scales[need.scale].words
        found: dict[str, Counts] = {}
        for question, counts in self.mapping(node, path).items():
            here = (*path, question)
            if question not in need.questions and not need.others:
                self.one_of(question, here, need.questions, "question")
                continue
            found[question] = row = {}
            for choice, count in self.mapping(counts, here).items():
                if choice not in choices:
                    self.fault((*here, choice), f"no such choice; choices are {'、'.join(choices)}")
                elif type(count) is int and count >= 0:
                    row[choice] = count
                else:
                    row[choice] = self.count(count, (*here, choice))
        return found

    def _by_stratum(self, node: Any, path: Path, level: Level | None) -> dict[str, Answers]:
        if node is None:
            return {}
        strata = self._strata()
        found: dict[str, Answers] = {}
        for key, answers in self.mapping(node, path).items():
            for stratum in key.split("+"):
                self.one_of(stratum, (*path, key), strata, "stratum")
            found[key] = self._answers(answers, (*path, key), level)
        return found

    # --- marks, occurrences and the rest ------------------------------------------------------------------------------

    def _marks(self, node: Any, path: Path) -> dict[str, tuple[Mark, ...]]:
        known = self.words.marks
        found = self.mapping(node, path, known)
        return {key: self._panel(one, (*path, key), known[key]) for key, one in found.items() if key in known}

    def _panel(self, node: Any, path: Path, need: MarkNeed) -> tuple[Mark, ...]:
        if isinstance(node, list):
            return tuple(mark for at, one in enumerate(node) for mark in self._mark(one, (*path, at), need, ""))
        if need.single:
            return self._mark(node, path, need, "")
        by_marker = self.mapping(node, path)
        return tuple(mark for who, one in by_marker.items() for mark in self._mark(one, (*path, who), need, who))

    def _mark(self, node: Any, path: Path, need: MarkNeed, marker: str) -> tuple[Mark, ...]:
        if not isinstance(node, dict):
            return (Mark(self.number(node, path, Fraction(0), need.full), marker),)
        if "points" in node:
            self.mapping(node, path, ("points", "remark"))
            remark = self.text(node.get("remark"), (*path, "remark"), "")
            return (Mark(self.number(node["points"], (*path, "points"), Fraction(0), need.full), marker, "", remark),)
        marks = []
        for aspect, points in node.items():
            if self.one_of(aspect, (*path, aspect), need.aspects, "aspect"):
                full = need.aspects[aspect]
                marks.append(Mark(self.number(points, (*path, aspect), Fraction(0), full), marker, aspect))
        if missing := [aspect for aspect in need.aspects if aspect not in node]:
            self.fault(path, f"no mark for {'、'.join(missing)}; give every aspect one")
        return tuple(marks)

    def _occurrences(self, node: Any, path: Path) -> dict[str, tuple[Event, ...]]:
        known = self.words.occurrences
        found: dict[str, tuple[Event, ...]] = {}
        for item, events in self.mapping(node, path).items():
            here = (*path, item)
            if self.one_of(item, here, known, "item"):
                found[item] = self._events(events, here)
        return found

    def _events(self, node: Any, path: Path) -> tuple[Event, ...]:
        if not isinstance(node, list):
            return (Event(Fraction(self.count(node, path))),)
        events = []
        for at, one in enumerate(node):
            here = (*path, at)
            item = self.mapping(one, here, ("count", "date", "practice", "remark"))
            count = self.count(item.get("count", 1), (*here, "count"))
            words = (self.text(item.get(key), (*here, key), "") for key in ("date", "practice", "remark"))
            events.append(Event(Fraction(count), *words))
        return tuple(events)

    def _not_applicable(self, node: Any, path: Path) -> frozenset[str]:
        known = {**self.words.optional}
        items = self.listing(node, path)
        return frozenset(
            item for at, item in enumerate(items) if self.one_of(item, (*path, at), known, "item that may not apply")
        )

    def _conditions(self, node: Any, path: Path) -> dict[str, bool]:
        found: dict[str, bool] = {}
        for key, value in self.mapping(node, path).items():
            if not self.one_of(key, (*path, key), self.words.conditions, "condition"):
                continue
            if isinstance(value, bool):
                found[key] = value
            else:
                self.fault((*path, key), "must be true or false")
        return found

    def _measures(self, node: Any, path: Path) -> dict[str, Fraction]:
        found = self.mapping(node, path, self.words.measures)
        return {key: self.number(value, (*path, key), Fraction(0)) for key, value in found.items()}

    def _placements(self, node: Any, path: Path) -> dict[str, Placement]:
        found: dict[str, Placement] = {}
        for key, value in self.mapping(node, path, self.words.placements).items():
            need = self.words.placements.get(key)
            here = (*path, key)
            item = self.mapping(value, here, ("tier", "points"))
            if need is None:
                continue
            tier, points = item.get("tier"), item.get("points")
            if tier is not None and tier not in range(1, len(need.tiers) + 1):
                self.fault((*here, "tier"), f"no such tier; tiers are 1 to {len(need.tiers)}")
                tier = None
            given = None if points is None else self.number(points, (*here, "points"))
            if tier is not None and given is not None:
                low, high = need.tiers[tier - 1]
                if not low <= given <= high:
                    message = f"{plain(given)} points do not fit tier {tier}; it has {plain(low)} to {plain(high)}"
                    self.fault((*here, "points"), message)
            elif given is not None and not any(low <= given <= high for low, high in need.tiers):
                allowed = "、".join(f"{plain(low)}–{plain(high)}" for low, high in need.tiers)
                self.fault((*here, "points"), f"{plain(given)} points fit no tier; tiers have {allowed}")
            found[key] = Placement(tier, given)
        return found

    def _external(self, node: Any, path: Path) -> dict[str, dict[str, Fraction | None]]:
        found: dict[str, dict[str, Fraction | None]] = {}
        for key, figures in self.mapping(node, path, self.words.external).items():
            if (need := self.words.external.get(key)) is None:
                continue
            here = (*path, key)
            rows = self.mapping(figures, here, need.names or None)
            found[key] = {
                name: None if value is None else self.number(value, (*here, name), Fraction(0), need.full)
                for name, value in rows.items()
            }
        return found

    def _vetoes(self, node: Any, path: Path) -> tuple[str, ...]:
        known = self.scheme.veto.events if self.scheme.veto else {}
        items = self.listing(node, path)
        return tuple(item for at, item in enumerate(items) if self.one_of(item, (*path, at), known, "veto"))

    # --- history ----------------------------------------------------------------------------------------------------

    def _history(self, node: Any, path: Path, period: str) -> tuple[PastResult, ...]:
        if node is None:
            return ()
        results: list[PastResult] = []
        grades = self.scheme.grades.names() if self.scheme.grades else []
        for at, one in enumerate(self.listing(node, path)):
            here = (*path, at)
            item = self.mapping(one, here, ("period", "grade", "listed", "rank"))
            grade, listed, rank = item.get("grade"), item.get("listed"), item.get("rank")
            if grade is not None:
                self.one_of(grade, (*here, "grade"), grades, "grade")
            if listed is not None:
                self.one_of(listed, (*here, "listed"), ("best", "worst"), "list")
            if rank is not None:
                self.count(rank, (*here, "rank"))
            results.append(PastResult(self.text(item.get("period"), (*here, "period")), grade, listed, rank))
        self._oldest_first(results, path, period)
        return tuple(results)

    def _oldest_first(self, results: list[PastResult], path: Path, period: str) -> None:
        before = ""
        for at, result in enumerate(results):
            here = (*path, at, "period")
            self._period(result.period, here)
            if before and not _earlier(before, result.period):
                self.fault(here, f"{result.period} is not later than {before}; list the oldest first, each once")
            before = result.period
        if before and period and not _earlier(before, period):
            self.fault(path, f"reaches into the round itself ({period}); list earlier rounds only")


def _earlier(one: str, other: str) -> bool:
    """Whether a period lies before another; of periods written in different ways only the years are compared."""
    a, b = _PERIOD.match(one), _PERIOD.match(other)
    if a is None or b is None:
        return True
    if a[2] != b[2]:
        return a[1] <= b[1]
    return (int(a[1]), int(a[3] or 0)) < (int(b[1]), int(b[3] or 0))
