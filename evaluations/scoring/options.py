"""Options (口径): where a policy is silent, the scheme offers readings and a round may choose among them.

In a scheme file ``{option: id}`` is replaced by the chosen value, ``{option: id, cases: {choice: value}}``
by the value for that choice, and a list item or rule with ``only_if: {id: choice}`` exists only under that
choice. All this happens before the rules are read: no rule knows that it was optional, it only records
which readings shaped it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

from pydantic import model_validator

from evaluations.scoring.facts import in_order
from office.definitions.faults import Fault, Path
from office.definitions.numbers import exact, plain
from office.definitions.rule import Id, Number, Part, Words
from office.definitions.source import Document

_LEFT_OUT: Path = ("(not chosen)",)


class Option(Part):
    """One choice a round may make, with its default and the words officials see.

    ``of``: what the names of weights are; a name that is none of these is refused. ``values`` keep the order
    of the default: no better answer may be worth less than a worse one.
    """

    label: Words
    type: Literal["whole", "number", "choice", "yes_no", "weights", "values"]
    default: Any
    choices: dict[str, Words] = {}
    at_least: Number | None = None
    at_most: Number | None = None
    of: Literal["roles", "questions"] | None = None

    @model_validator(mode="after")
    def _default_fits(self) -> "Option":
        if self.type == "values" and not (isinstance(self.default, dict) and self.default):
            raise ValueError("an option of type values has a default that names every value")
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("an option of type choice lists its choices, and only such an option does")
        if why := self.refuses(self.default):
            raise ValueError(f"the default does not fit: {why}")
        return self

    def refuses(self, value: Any) -> str | None:
        """Why ``value`` cannot be chosen, or None."""
        if self.type == "choice":
            known = isinstance(value, str) and value in self.choices
            return None if known else f"no such choice; choices are {'、'.join(self.choices)}"
        if self.type == "yes_no":
            return None if isinstance(value, bool) else "must be true or false"
        if self.type in ("weights", "values"):
            return self._refused_mapping(value)
        return self._refused_number(value)

    def _refused_mapping(self, value: Any) -> str | None:
        """Weights are above 0 under any name; values are 0 or more under the names of the default."""
        if not isinstance(value, dict):
            return "must be a mapping from name to number"
        if self.type == "values" and value.keys() != self.default.keys():
            return f"must give a value for each of {'、'.join(self.default)}, and for nothing else"
        amounts: dict[str, Fraction] = {}
        for key, number in self.ordered(value).items():
            try:
                amounts[key] = amount = exact(number)
            except ValueError as error:
                return f"{key}: {error}"
            if amount < (self.at_least or 0) or (amount == 0 and self.type == "weights"):
                return f"{key}: {plain(amount)} is too low"
            if self.at_most is not None and amount > self.at_most:
                return f"{key}: {plain(amount)} is too high; at most {plain(self.at_most)}"
        return self._reversed(amounts) if self.type == "values" and value is not self.default else None

    def _reversed(self, amounts: dict[str, Fraction]) -> str | None:
        for (key, amount), (other, lower) in pairwise(amounts.items()):
            before, after = exact(self.default[key]), exact(self.default[other])
            if (before > after and amount < lower) or (before < after and amount > lower):
                return f"{other} ({plain(lower)}) may not pass {key} ({plain(amount)}); keep their order"
        return None

    def _refused_number(self, value: Any) -> str | None:
        try:
            number = exact(value)
        except ValueError as error:
            return str(error)
        if self.type == "whole" and number.denominator != 1:
            return "must be a whole number"
        if self.at_least is not None and number < self.at_least:
            return f"must be at least {plain(self.at_least)}"
        too_high = self.at_most is not None and number > self.at_most
        return f"must be at most {plain(self.at_most or Fraction(0))}" if too_high else None

    def other_choices(self) -> list[Any]:
        """The choices besides the default; none for numbers, which cannot be listed."""
        if self.type == "yes_no":
            return [not self.default]
        return [choice for choice in self.choices if choice != self.default]

    def ordered(self, value: Any) -> Any:
        """The same value; a mapping in the order of the default, so that its own order reaches no rule."""
        return in_order(value, self.default) if self.type in ("weights", "values") else value

    def normal(self, value: Any) -> Any:
        """The value as an outcome records it: decimals as text, so that JSON keeps them exactly."""
        if self.type in ("whole", "number"):
            number = exact(value)
            return int(number) if number.denominator == 1 else plain(number)
        if self.type in ("weights", "values"):
            return {key: plain(exact(weight)) for key, weight in self.ordered(value).items()}
        return value

    def in_words(self, value: Any) -> str:
        if self.type == "choice":
            return self.choices[value]
        if self.type == "yes_no":
            return "是" if value else "否"
        if self.type in ("weights", "values"):
            return "、".join(f"{key} {plain(exact(weight))}" for key, weight in value.items()) or "相等"
        return plain(exact(value))


class Reading(Part):
    """A gap in the policy's text, how this scheme reads it, and the options for other readings."""

    id: Words
    clause: str
    question: Words
    answer: Words
    options: tuple[Id, ...] = ()
    decided: Words


@dataclass
class OptionReplacer:
    """Replaces every mention of an option in a scheme's raw tree and keeps paths and lines right."""

    source: Document
    values: dict[str, Any]
    readings_of: dict[str, list[str]]
    used: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    undecided: set[Path] = field(default_factory=set)
    lines: dict[Path, int] = field(default_factory=dict)
    _here: list[set[str]] = field(default_factory=list)

    def document(self) -> Document:
        data = self._walk(self.source.data, (), ())
        return Document(data, self.source.file, found=self.lines)

    def _walk(self, node: Any, old: Path, new: Path) -> Any:
        self.lines[new] = self.source.lines.get(old, 0)
        if old in (("options",), ("readings",)):
            self.lines.update({path: line for path, line in self.source.lines.items() if path[:1] == old})
            return node
        if isinstance(node, list):
            return self._list(node, old, new)
        if isinstance(node, dict):
            if "option" in node and set(node) <= {"option", "cases"}:
                return self._chosen(node, old, new)
            return self._mapping(node, old, new)
        return node

    def _list(self, node: list[Any], old: Path, new: Path) -> list[Any]:
        kept: list[Any] = []
        for index, item in enumerate(node):
            here = (*old, index)
            if isinstance(item, dict) and "only_if" in item:
                rule = {key: value for key, value in item.items() if key != "only_if"}
                condition = item["only_if"]
                given = condition if isinstance(condition, dict) else {}
                holds = self._holds(given, (*here, "only_if"))
                found = self._mapping(rule, here, (*new, len(kept)) if holds else _LEFT_OUT, given)
                kept.extend([found] if holds else [])
            else:
                kept.append(self._walk(item, here, (*new, len(kept))))
        return kept

    def _mapping(
        self, node: dict[str, Any], old: Path, new: Path, given: Iterable[str] = ()
    ) -> dict[str, Any]:
        self.lines[new] = self.source.lines.get(old, 0)
        self._here.append(set(given))
        found = {key: self._walk(value, (*old, key), (*new, key)) for key, value in node.items()}
        mentioned = self._here.pop()
        if "clause" in found:
            readings = [
                reading for option in sorted(mentioned) for reading in self.readings_of.get(option, ())
            ]
            own = found.get("readings", [])
            if isinstance(own, list):
                found["readings"] = self._in_order([*own, *readings])
        elif self._here:
            self._here[-1] |= mentioned
        return found

    def _in_order(self, readings: list[Any]) -> list[Any]:
        """Each once, in the order of the scheme's list of readings; unknown ones last."""
        listed = self.source.data.get("readings")
        ids = [one.get("id") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        once = list(dict.fromkeys(map(str, readings)))
        return sorted(once, key=lambda one: ids.index(one) if one in ids else len(ids))

    def _chosen(self, node: dict[str, Any], old: Path, new: Path) -> Any:
        name = node["option"]
        if not self._known(name, old):
            return None
        value = self.values[name]
        if "cases" not in node:
            return value
        cases = node["cases"]
        key = str(value).lower() if isinstance(value, bool) else value
        if not isinstance(cases, dict) or key not in cases:
            self.undecided.add(old)
            self.faults.append(self.source.fault(old, f"no case for {name}: {key}; add one"))
            return None
        for other, branch in cases.items():
            if other != key:
                self._walk(branch, (*old, "cases", other), _LEFT_OUT)
        return self._walk(cases[key], (*old, "cases", key), new)

    def _holds(self, condition: dict[str, Any], path: Path) -> bool:
        if not condition:
            self.faults.append(
                self.source.fault(path, "only_if is a mapping from option to the value it must have")
            )
        known = [self._known(name, (*path, name)) for name in condition]
        return all(known) and all(self.values[name] == value for name, value in condition.items())

    def _known(self, name: Any, path: Path) -> bool:
        if not isinstance(name, str) or name not in self.values:
            self.undecided.add(path)
            declared = self.source.data.get("options")
            if isinstance(declared, dict) and isinstance(name, str) and name in declared:
                return False  # declared but malformed: its own fault is reported
            listed = "、".join(self.values) or "(none)"
            self.faults.append(self.source.fault(path, f"no such option: {name}; options are {listed}"))
            return False
        self.used.add(name)
        if self._here:
            self._here[-1].add(name)
        return True
