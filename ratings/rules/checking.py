"""Whether rules of rating fit themselves and the procedures beside them; all faults, with their lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from casework.procedure import Procedure
from casework.procedure.beside import parse_rules
from casework.procedure.loading import load_procedure, procedure_ids
from office.definitions.faults import Fault, InvalidInputError
from office.definitions.faults import Path as Place
from office.definitions.source import read_yaml
from ratings.rules import FILE, RatingRules


def check(folder: Path) -> dict[str, RatingRules]:
    """Return {name of the folder: its rules} of one folder or of all below; raises `InvalidInputError`."""
    files = [folder / FILE] if (folder / FILE).is_file() else sorted(folder.glob(f"*/{FILE}"))
    if not files:
        raise InvalidInputError([Fault((), f"no {FILE} here; name a folder that holds one", str(folder))])
    found: dict[str, RatingRules] = {}
    faults: list[Fault] = []
    for file in files:
        text = file.read_text(encoding="utf-8-sig")
        try:
            rules = found[file.parent.name] = parse_rules(RatingRules, text, str(file))
        except InvalidInputError as invalid:
            faults += invalid.faults
        else:
            document = read_yaml(text, str(file))
            faults += [document.fault(*one) for one in disagreements(rules)]
    if faults:
        raise InvalidInputError(faults)
    return found


def disagreements(rules: RatingRules) -> Iterator[tuple[Place, str]]:
    if not rules.bad_words:
        yield ("levels", "items"), "no level is bad; mark the last ones with bad: true"
    first_bad = next((at for at, one in enumerate(rules.levels.items) if one.bad), len(rules.words))
    for at, one in enumerate(rules.levels.items[first_bad:], start=first_bad):
        if not one.bad:
            yield ("levels", "items", at), f"{one.word} stands below a bad level; write the best first"
    if len(rules.words) == len(rules.bad_words):
        yield ("levels", "items"), "every level is bad; mark only the last ones"
    if rules.shown.public_from < rules.shown.own_from:
        yield (
            ("shown", "public_from"),
            f"everybody would see less than the unit; give at least {rules.shown.own_from}",
        )
    if not any(not one.moves for one in rules.excluding.reasons):
        yield ("excluding", "reasons"), "every reason moves a rating; name one that excludes it"
    ids = [one.id for one in rules.excluding.reasons]
    for at, name in enumerate(ids):
        if name in ids[:at]:
            yield ("excluding", "reasons", at, "id"), f"{name} is used twice; rename one"
    yield from _beside(rules)


def _beside(rules: RatingRules) -> Iterator[tuple[Place, str]]:
    """What refers to a procedure that is shipped."""
    procedure = _procedure(rules.complaints.procedure)
    if procedure is None:
        yield ("complaints", "procedure"), _unknown(rules.complaints.procedure)
    elif not procedure.intake.public_channels:
        yield ("complaints", "procedure"), f"{procedure.id} takes in nothing from the web; name another"
    if rules.bad_ratings is None:
        return
    procedure = _procedure(rules.bad_ratings.procedure)
    if procedure is None:
        yield ("bad_ratings", "procedure"), _unknown(rules.bad_ratings.procedure)
        return
    known = [one.id for one in procedure.categories.items] if procedure.categories else []
    if rules.bad_ratings.category not in known:
        yield (
            ("bad_ratings", "category"),
            f"{procedure.id} has no such category; here are {'、'.join(known)}",
        )
    if "code" not in procedure.intake.channels:
        yield ("bad_ratings", "procedure"), f"{procedure.id} has no channel code; add it to its intake"


def _procedure(name: str) -> Procedure | None:
    return load_procedure(name) if name in procedure_ids() else None


def _unknown(name: str) -> str:
    return f"no such procedure: {name}; shipped ones are {'、'.join(procedure_ids())}"
