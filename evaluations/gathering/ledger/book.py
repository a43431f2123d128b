"""The ledger that a scheme asks for: its items and veto events, its periods, its units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from departments.models import Department
from evaluations.models import Occurrence, Round, SchemeVersion
from evaluations.rounds import periods
from evaluations.schemes.stored import policy_of
from evaluations.scoring.loading import Policy
from evaluations.scoring.scheme import Scheme
from evaluations.scoring.steps.adjustments import Adjustments
from evaluations.scoring.steps.bonus import Bonus
from evaluations.scoring.steps.deductions import Deductions
from evaluations.scoring.steps.ledger import Item
from office.definitions.faults import InvalidInputError
from office.definitions.numbers import plain, signed

Block = Deductions | Bonus | Adjustments
ITEM, VETO = "item", "veto"


@dataclass(frozen=True)
class LedgerRule:
    """What can be entered: an item of a block, or an event that fixes the grade (then without a block)."""

    key: str
    label: str
    clause: str
    says: str
    block: Block | None = None
    item: Item | None = None

    @property
    def is_veto(self) -> bool:
        return self.item is None

    @property
    def value(self) -> str:
        """As forms name it: items and events may share a key."""
        return f"{VETO if self.is_veto else ITEM}:{self.key}"

    @property
    def points(self) -> Fraction:
        """What it gives each time, with its sign."""
        if self.item is None:
            return Fraction(0)
        return -self.item.points if isinstance(self.block, Deductions) else self.item.points

    @property
    def optional(self) -> bool:
        return bool(self.item and self.item.optional)

    @property
    def heading(self) -> str:
        return self.block.label if self.block else "一票否决"

    @property
    def may_set_off_a_veto(self) -> bool:
        return isinstance(self.block, Deductions)

    def takes(self, title: str) -> bool:
        return self.item is None or self.item.takes(title)

    def figures(self) -> str:
        """What it costs in words: `每次 -3 分，只计一次`."""
        if self.item is None:
            return "直接定为该等次"
        said = f"每次 {signed(self.points)} 分"
        said += "，只计一次" if self.item.once else ""
        return said + (f"，最多 {plain(self.item.cap)} 分" if self.item.cap is not None else "")


def blocks_of(scheme: Scheme) -> list[Block]:
    return [step for step in scheme.steps if isinstance(step, Block)]


def rules_of(scheme: Scheme) -> dict[str, LedgerRule]:
    """Return everything the ledger may hold, by the value forms use, in the order of the scheme."""
    return {rule.value: rule for rule in _rules(scheme)}


def _rules(scheme: Scheme) -> Iterator[LedgerRule]:
    for block in blocks_of(scheme):
        for key, item in block.items.items():
            yield LedgerRule(key, item.label, item.clause, item.says, block, item)
    if scheme.veto:
        for key, label in scheme.veto.events.items():
            yield LedgerRule(key, label, scheme.veto.clause, scheme.veto.says)


def rule_of(scheme: Scheme, occurrence: Occurrence) -> LedgerRule | None:
    return rules_of(scheme).get(value_of(occurrence.item, is_veto=occurrence.is_veto))


def value_of(item: str, *, is_veto: bool) -> str:
    return f"{VETO if is_veto else ITEM}:{item}"


@dataclass(frozen=True)
class Ledger:
    """The ledger of a scheme as it is kept now: by the active version, with the usual readings."""

    version: SchemeVersion
    policy: Policy

    @property
    def scheme_id(self) -> str:
        return self.version.scheme_id

    @property
    def scheme(self) -> Scheme:
        return self.policy.defaults

    @property
    def cadence(self) -> int | None:
        return self.scheme.cadence.rounds_per_year

    @property
    def rules(self) -> dict[str, LedgerRule]:
        return rules_of(self.scheme)

    def units(self) -> list[Department]:
        """Return the units in scope whose group the scheme knows; all of them where it knows none."""
        found = list(Department.objects.filter(is_active=True))
        return [one for one in found if one.peer_group in self.scheme.subjects.groups] or found

    def begins_on(self) -> date:
        return periods.begins_on(self.scheme.effective_from, self.cadence)


def ledgers() -> list[Ledger]:
    """Return the ledgers of all active schemes that ask for one."""
    found = (ledger_of(version) for version in SchemeVersion.objects.filter(is_active=True).order_by("title"))
    return [ledger for ledger in found if ledger is not None]


def ledger_of(version: SchemeVersion) -> Ledger | None:
    """Return the ledger of a version; None where the scheme asks for none or cannot be read any more."""
    try:
        policy = policy_of(version)
    except InvalidInputError:
        return None
    return Ledger(version, policy) if blocks_of(policy.defaults) else None


def find_ledger(scheme_id: str) -> Ledger | None:
    version = SchemeVersion.objects.filter(scheme_id=scheme_id, is_active=True).first()
    return ledger_of(version) if version else None


def round_of(scheme_id: str, day: date) -> Round | None:
    """Return the round in whose period a day lies: of several the newest, never a cancelled one."""
    rounds = Round.objects.filter(scheme_version__scheme_id=scheme_id).exclude(state=Round.State.VOID)
    return next(
        (one for one in rounds.select_related("scheme_version").order_by("-pk") if lies_in(one, day)), None
    )


def lies_in(round: Round, day: date) -> bool:
    first, last = days_of_round(round)
    return first <= day <= last


def days_of_round(round: Round) -> tuple[date, date]:
    cadence = policy_of(round.scheme_version).defaults.cadence.rounds_per_year
    return periods.days_of(round.period, cadence)


def evidence_of(occurrences: Iterable[Occurrence]) -> dict[str, Any]:
    """Return the part of a subject's facts that these occurrences are."""
    found: dict[str, list[dict[str, Any]]] = {}
    vetoes: dict[str, None] = {}
    for one in occurrences:
        if one.is_veto:
            vetoes[one.item] = None
            continue
        event: dict[str, Any] = {"date": one.day.isoformat(), "count": one.count}
        words = {name: getattr(one, name) for name in ("practice", "title", "remark", "veto")}
        found.setdefault(one.item, []).append(event | {name: text for name, text in words.items() if text})
        if one.veto:
            vetoes[one.veto] = None
    return {
        **({"occurrences": found} if found else {}),
        **({"vetoes": list(vetoes)} if vetoes else {}),
    }
