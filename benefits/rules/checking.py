"""Whether rules of benefits fit themselves and the procedure beside them; all faults, with their lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from benefits.rules import FILE, BenefitRules
from casework.procedure import Procedure
from casework.procedure.beside import parse_rules
from casework.procedure.loading import load_procedure, procedure_ids
from casework.procedure.words import Rate
from office.definitions.faults import Fault, InvalidInputError
from office.definitions.faults import Path as Place
from office.definitions.source import read_yaml


def check(folder: Path) -> dict[str, BenefitRules]:
    """Return {name of the folder: its rules} of one folder or of all below; raises `InvalidInputError`."""
    files = [folder / FILE] if (folder / FILE).is_file() else sorted(folder.glob(f"*/{FILE}"))
    if not files:
        raise InvalidInputError([Fault((), f"no {FILE} here; name a folder that holds one", str(folder))])
    found: dict[str, BenefitRules] = {}
    faults: list[Fault] = []
    for file in files:
        name, text = file.resolve().parent.name, file.read_text(encoding="utf-8-sig")
        try:
            rules = found[name] = parse_rules(BenefitRules, text, str(file))
        except InvalidInputError as invalid:
            faults += invalid.faults
            continue
        procedure = load_procedure(name) if name in procedure_ids() else None
        document = read_yaml(text, str(file))
        faults += [document.fault(*one) for one in disagreements(rules, procedure)]
    if faults:
        raise InvalidInputError(faults)
    return found


def disagreements(rules: BenefitRules, procedure: Procedure | None) -> Iterator[tuple[Place, str]]:
    yield from _twice(rules)
    if procedure is None:
        yield ("title",), "no procedure.yaml of this folder is shipped; put this file beside one"
        return
    clocks = [one.id for one in procedure.clocks]
    outcomes = [one.id for one in procedure.outcomes]
    figures = [one.id for one in procedure.figures if one.rate == Rate.ON_TIME]
    for at, one in enumerate(rules.classes.items):
        known = [each.id for each in procedure.categories.items]
        yield from _known(("classes", "items", at, "category"), "category", one.category, known)
    for at, clock in enumerate(rules.guide.clocks):
        yield from _known(("guide", "clocks", at), "clock", clock, clocks)
    yield from _known(("fixing", "channel"), "channel", rules.fixing.channel, procedure.intake.channels)
    for name in ("paid", "granted", "refused"):
        yield from _known(("deciding", name), "outcome", getattr(rules.deciding, name), outcomes)
    for at, figure in enumerate(rules.notice.worst_by):
        yield from _known(("notice", "worst_by", at), "figure of limits", figure, figures)


def _known(place: Place, what: str, name: str, known: Iterable[str]) -> Iterator[tuple[Place, str]]:
    if name not in known:
        yield place, f"no such {what}; here are {'、'.join(known)}"


def _twice(rules: BenefitRules) -> Iterator[tuple[Place, str]]:
    for part in ("kinds", "levels", "labels"):
        ids = [one.id for one in getattr(rules, part).items]
        for at, name in enumerate(ids):
            if name in ids[:at]:
                yield (part, "items", at, "id"), f"{name} is used twice; rename one"
    above: list[str] = []
    for way in ("paid", "granted", "refused"):
        for at, word in enumerate(getattr(rules.above, way)):
            if word in above:
                yield ("above", way, at), f"{word} says two things; keep one"
            above.append(word)
