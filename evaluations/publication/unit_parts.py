"""The parts of a unit's score: which of them voters or a panel gave in secret, and what readers could infer.

Ledgers, marks of the office, checks, measures, figures, placements and counts of another body are no secret,
nor are ratings given at the counter where there are enough: they are shown by unit and month anyway.
Answers given by ballot or in interviews, and the marks of a panel, on sheets or by slip, are: whoever gave
them must not be found out from what is shown of the score. Which channel gave a part is the round's data, not
the scheme's name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evaluations.publication.figures import DISSENTERS, EXACT_FROM, UNANIMOUS_BELOW
from evaluations.publication.guard import ENOUGH_DOUBT
from evaluations.publication.ranges import Interval
from evaluations.publication.rules import FLOOR
from evaluations.scoring.facts import Facts, SubjectFacts
from evaluations.scoring.facts_reader import facts_from
from evaluations.scoring.gathering import needs_of
from evaluations.scoring.loading import Policy
from evaluations.scoring.scheme import Scheme
from evaluations.scoring.steps import AnyStep
from evaluations.scoring.steps.answer_deductions import AnswerDeductions
from evaluations.scoring.steps.ballot_mean import BallotMean
from evaluations.scoring.steps.external import External
from evaluations.scoring.steps.mark_mean import MarkMean
from evaluations.scoring.steps.placement import PlacementStep
from evaluations.scoring.steps.sum import WeightedSum
from office.definitions.numbers import half_up
from office.definitions.rule import WHOLE

BALLOT, INTERVIEWS, SHEETS, RATINGS = "ballot", "interviews", "sheets", "ratings"
K = 10
ALONE = {BALLOT: K, SHEETS: K, INTERVIEWS: FLOOR}
"""How many must have answered or marked before the part is shown alone. Who is interviewed is known to those
who ask and chose to speak to them; what nobody may learn is a single answer. From how many on ratings are no
secret is kept with them, as their rules had it."""
USUAL = {"answers": BALLOT, "panel": SHEETS}
"""What a channel is taken for where the round does not say: the more secret one."""
ENOUGH_OF_A_PART = ENOUGH_DOUBT / 100
"""Of a part's range, what must remain possible for what voters said: two grades of a percent scale."""
ENOUGH_OF_A_MARK = Fraction(1, 2)
TWO = 2

Stored = Mapping[str, Any]
Table = Counter[Fraction]
"""What one of those who answered gave, in points → how many gave it."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Who gave a part: the channel, and per question how many gave how many points."""

    kind: str
    alone_from: int | None
    questions: tuple[Table, ...]
    counts: tuple[Mapping[str, int], ...] = ()
    """The same by the words that were chosen; empty for marks."""

    @property
    def n(self) -> int:
        return min((sum(table.values()) for table in self.questions), default=0)

    @property
    def is_alike(self) -> bool:
        """Whether few gave it in secret, and all of them, or all but one, the same."""
        few = self.n < UNANIMOUS_BELOW and self.kind not in (INTERVIEWS, RATINGS)
        return few and any(sum(one.values()) - max(one.values()) < DISSENTERS for one in self.questions)

    @property
    def may_stand_alone(self) -> bool:
        return self.alone_from is not None and self.n >= self.alone_from and not self.is_alike

    @property
    def is_coarse(self) -> bool:
        """Whether a number is rounded to a whole one: with two places it says how many voted."""
        return self.kind == BALLOT and self.n < EXACT_FROM


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that is no sum of others, with the weight it has in the total."""

    step: AnyStep
    stored: Stored
    weight: Fraction
    secret: Secret | None = None
    answered: int = 0
    """How many answered at least, where answers gave it, in secret or not."""

    @property
    def id(self) -> str:
        return str(self.step.id)

    @property
    def value(self) -> Fraction | None:
        text = self.stored.get("exact")
        return None if text is None else Fraction(text)

    @property
    def is_secret(self) -> bool:
        return self.secret is not None and self.value is not None


@dataclass(frozen=True)
class UnitRules:
    """A scheme that judges no persons, with the round's options, and the kinds of the round's channels.

    `rated_from`: from how many on ratings are public; never, where none were taken.
    """

    policy: Policy
    scheme: Scheme
    kinds: Mapping[str, str]
    rated_from: int | None = None

    def read(self, facts: Stored) -> Facts:
        return facts_from(dict(facts), self.policy)

    def channel(self, step: AnyStep) -> str:
        """The secret channel that gives a step its values; empty where none does."""
        for need in needs_of([step]):
            kind = self.kinds.get(need.key, USUAL.get(need.kind, ""))
            if need.kind in USUAL and (kind in ALONE or kind == RATINGS):
                return kind
        return ""

    def secret(self, step: AnyStep, key: str, facts: SubjectFacts) -> Secret | None:
        kind = self.channel(step)
        if not kind:
            return None
        alone_from = self.rated_from if kind == RATINGS else ALONE[kind]
        if isinstance(step, MarkMean):
            given = facts.marks.get(step.panel, ())
            counted = [one for one in given if step.own_mark == "counted" or one.marker != key]
            return Secret(kind, alone_from, (Counter(one.points for one in counted),) if counted else ())
        if not isinstance(step, BallotMean | AnswerDeductions):
            return None
        values = self.scheme.answer_scales[step.scale].values
        asked = facts.answers.get(step.source, {}).values()
        valid = [{word: counts[word] for word in values if counts.get(word)} for counts in asked]
        tables = tuple(counts for counts in valid if counts)
        found = Secret(kind, alone_from, tuple(_by_points(counts, values) for counts in tables), tables)
        return None if kind == RATINGS and found.may_stand_alone else found

    def leaves(self, key: str, derivation: Stored, facts: SubjectFacts) -> list[Leaf]:
        found = _leaves(self.scheme, self.scheme.score.subject, derivation, Fraction(1))
        return [
            Leaf(step, part, weight, self.secret(step, key, facts), self.answered(step, facts))
            for step, part, weight in found
        ]

    def answered(self, step: AnyStep, facts: SubjectFacts) -> int:
        if not isinstance(step, BallotMean | AnswerDeductions):
            return 0
        values = self.scheme.answer_scales[step.scale].values
        asked = facts.answers.get(step.source, {}).values()
        sizes = [sum(n for word, n in counts.items() if word in values) for counts in asked]
        return min((size for size in sizes if size), default=0)

    def span(self, step: AnyStep) -> Interval:
        """The lowest and the highest value a secret part can have."""
        if isinstance(step, MarkMean):
            return Fraction(0), Fraction(step.full)
        if isinstance(step, AnswerDeductions):
            return Fraction(step.floor), Fraction(step.full)
        if not isinstance(step, BallotMean):
            raise TypeError(f"nothing of {step.id} is secret")
        values = [Fraction(one) for one in self.scheme.answer_scales[step.scale].values.values()]
        return min(values), max(values)

    def of_a_mark(self, leaf: Leaf, value: Interval) -> Interval:
        """What one marker can have given, if the mean of the panel lies between these values."""
        n = leaf.secret.n if leaf.secret else 0
        low, high = self.span(leaf.step)
        return max(low, n * value[0] - (n - 1) * high), min(high, n * value[1] - (n - 1) * low)


def parts_of(step: AnyStep, stored: Stored) -> Iterator[tuple[str, Stored, Fraction]]:
    """The parts of a sum: step, what is stored of it, and its weight with that of missing parts carried."""
    if not isinstance(step, WeightedSum) or len(stored["parts"]) != len(step.parts):
        return
    pairs = list(zip(step.parts, stored["parts"], strict=True))
    present = [part for part, one in pairs if one["exact"] is not None]
    weighted = step.parts[0].weight is not None
    whole = sum((part.weight or Fraction(0) for part in present), Fraction(0))
    full = sum((part.full or Fraction(0) for part in step.parts), Fraction(0))
    given = sum((part.full or Fraction(0) for part in present), Fraction(0))
    for part, one in pairs:
        if weighted:
            share = (part.weight or Fraction(0)) / whole if whole else Fraction(0)
        else:
            share = full / given if len(present) < len(pairs) and given else Fraction(1)
        yield part.step, one, share


def full_of(scheme: Scheme, step: AnyStep) -> Fraction | None:
    """The most that a step gives; None where it adds or takes off beside the full marks."""
    if isinstance(step, WeightedSum):
        if step.parts[0].weight is not None:
            return Fraction(WHOLE)
        found = [full_of(scheme, scheme.step(part.step)) for part in step.parts]
        return sum((one for one in found if one is not None), Fraction(0))
    if isinstance(step, PlacementStep):
        return Fraction(step.tiers[0].high)
    if isinstance(step, External):
        return Fraction(step.points)
    if isinstance(step, BallotMean):
        return max(map(Fraction, scheme.answer_scales[step.scale].values.values()))
    full = getattr(step, "full", None)
    return None if full is None else Fraction(full)


def _leaves(
    scheme: Scheme, step_id: str, stored: Stored, weight: Fraction
) -> Iterator[tuple[AnyStep, Stored, Fraction]]:
    step = scheme.step(step_id)
    parts = list(parts_of(step, stored))
    for part, one, share in parts:
        yield from _leaves(scheme, part, one, weight * share)
    if not parts:
        yield step, stored, weight


def _by_points(counts: Mapping[str, int], values: Mapping[str, int | Fraction]) -> Table:
    found: Table = Counter()
    for word, number in counts.items():
        found[Fraction(values[word])] += number
    return found


class Inference:
    """What a reader who sees a total and some of its parts knows of the parts that are not shown."""

    def __init__(self, rules: UnitRules, leaves: Iterable[Leaf], total: Fraction | None, held: bool) -> None:
        self.rules, self.held, self.total = rules, held, total
        self.leaves = [leaf for leaf in leaves if leaf.value is not None]

    @property
    def secrets(self) -> list[Leaf]:
        return [leaf for leaf in self.leaves if leaf.is_secret]

    def alone(self) -> frozenset[str]:
        """The secret parts that may be shown for themselves."""
        if self.held:
            return frozenset()
        return frozenset(leaf.id for leaf in self.secrets if leaf.secret and leaf.secret.may_stand_alone)

    def betrays(self, shown: frozenset[str], total: Interval | None) -> bool:
        """Whether a part that may not stand alone is narrowed too far; `total` bounds the sum, if at all."""
        hidden = [leaf for leaf in self.secrets if leaf.id not in shown]
        may = self.alone()
        thin = [leaf for leaf in hidden if leaf.id not in may]
        if total is None or not thin:
            return False
        left = self._left(shown, hidden, total)
        return any(self._narrow(leaf, self._of(leaf, hidden, left), len(hidden)) for leaf in thin)

    def _left(self, shown: frozenset[str], hidden: list[Leaf], total: Interval) -> Interval:
        """What the hidden parts together can be; a cap or a floor leaves only one side of it."""
        low, high = total
        given = Fraction(0)
        for leaf in self.leaves:
            value = leaf.value or Fraction(0)
            given += leaf.weight * value
            if leaf in hidden:
                continue
            slack = leaf.weight * unit_of(leaf, self.rules.scheme.score.places) / 2 if leaf.secret else 0
            low, high = low - leaf.weight * value - slack, high - leaf.weight * value + slack
        spans = [self.rules.span(leaf.step) for leaf in hidden]
        least = sum((leaf.weight * one[0] for leaf, one in zip(hidden, spans, strict=True)), Fraction(0))
        most = sum((leaf.weight * one[1] for leaf, one in zip(hidden, spans, strict=True)), Fraction(0))
        if self.total is not None and given > self.total:
            high = most
        elif self.total is not None and given < self.total:
            low = least
        return max(low, least), min(high, most)

    def _of(self, leaf: Leaf, hidden: list[Leaf], left: Interval) -> Interval:
        low, high = self.rules.span(leaf.step)
        if not leaf.weight:
            return low, high
        others = [(one.weight, self.rules.span(one.step)) for one in hidden if one is not leaf]
        least = sum((weight * one[0] for weight, one in others), Fraction(0))
        most = sum((weight * one[1] for weight, one in others), Fraction(0))
        return max(low, (left[0] - most) / leaf.weight), min(high, (left[1] - least) / leaf.weight)

    def _narrow(self, leaf: Leaf, value: Interval, hidden: int) -> bool:
        low, high = self.rules.span(leaf.step)
        is_exposed = value[1] - value[0] < (high - low) * ENOUGH_OF_A_PART
        if leaf.secret is None or not isinstance(leaf.step, MarkMean):
            return is_exposed
        one = self.rules.of_a_mark(leaf, value)
        of_part = is_exposed and (hidden < TWO or leaf.secret.kind != SHEETS)
        return of_part or one[1] - one[0] < (high - low) * ENOUGH_OF_A_MARK


def unit_of(leaf: Leaf, places: int) -> Fraction:
    """The step in which a part is shown."""
    coarse = leaf.secret is not None and leaf.secret.is_coarse
    return Fraction(1) if coarse else Fraction(1, 10**places)


def rounded(value: Fraction, *, coarse: bool, places: int) -> Fraction:
    return half_up(value, 0 if coarse else places)


def changed(leaves: Iterable[Leaf], before: Iterable[Leaf]) -> bool:
    """Whether the secret answers or marks behind a score differ from an earlier publication's by a few."""
    now, then = _cells(leaves), _cells(before)
    changes = [now.get(cell, 0) - then.get(cell, 0) for cell in now.keys() | then.keys()]
    return 0 < max(sum(c for c in changes if c > 0), -sum(c for c in changes if c < 0)) < K


def _cells(leaves: Iterable[Leaf]) -> dict[tuple[str, int, Fraction], int]:
    return {
        (leaf.id, place, points): number
        for leaf in leaves
        if leaf.secret is not None
        for place, table in enumerate(leaf.secret.questions)
        for points, number in table.items()
        if number
    }
