"""A unit as its page has it: every part of the score as far as it may be shown, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from evaluations.publication.figures import TOO_FEW, Answers, Share, distribution, fewest_in, wide_band
from evaluations.publication.rules import Rules
from evaluations.publication.unit_case import TOO_FEW_CODES, Stored, Unit, band_of
from evaluations.publication.unit_parts import Leaf, full_of, parts_of, rounded
from evaluations.publication.view import HIDDEN_PART, VETOED, Node, PublicDepartment, SampledPart
from evaluations.scoring.steps import AnyStep
from evaluations.scoring.steps.answer_deductions import AnswerDeductions
from evaluations.scoring.steps.ballot_mean import BallotMean
from evaluations.scoring.texts import flag_in_words, withheld_in_words
from office.definitions.numbers import plain, shown

NOT_ALONE = "不单独公布"
REMARK = "；备注："


def public_unit(unit: Unit, *, remarks: bool) -> PublicDepartment:
    flags = [flag for flag in unit.result.get("flags", []) if flag != "list_to_confirm"]
    return PublicDepartment(
        id=unit.roster.id,
        name=unit.roster.name,
        group=unit.roster.group,
        figure=unit.figures.own,
        rank=unit.rank,
        tied=unit.tied,
        ranked_of=unit.ranked_of,
        distribution=_distribution(unit),
        strata=None,
        post_stratified=None,
        derivation=_derivation(unit, remarks=remarks),
        ballots=wide_band(unit.ballots) if unit.figures.own.band else None,
        is_ranked=unit.result.get("rank") is not None,
        notes=tuple(flag_in_words(flag, unit.rules.scheme) for flag in flags),
        sampled=_sampled(unit) if unit.figures.own.score and "vetoed" not in flags else None,
        no_range=_no_range(unit, flags) if unit.figures.own.score else "",
    )


def _sampled(unit: Unit) -> tuple[SampledPart, ...] | None:
    """The parts that others might have answered otherwise; None where one of them is not shown alone.

    A panel marks whole: nobody else might have. Points taken off for every answer are a count and no sample.
    Ratings from some number on and the counts of another body are samples, too, and shown in full.
    """
    found = []
    for leaf in unit.leaves:
        if leaf.value is None or not is_sample(leaf.step):
            continue
        fewest = _fewest(unit, leaf)
        if fewest is None:
            return None
        low, high = unit.rules.span(leaf.step)
        value = _leaf_node(unit, leaf, remarks=False).value  # as its page says it, and no finer
        found.append(SampledPart(str(leaf.weight), value, str(low), str(high), fewest))
    return tuple(found)


def _fewest(unit: Unit, leaf: Leaf) -> int | None:
    """The fewest that can have answered a part by what its page shows; None where it is not shown alone."""
    if leaf.secret is None:
        return max(1, leaf.answered)
    if leaf.id not in unit.figures.parts:
        return None
    band_of_it = band_of(unit)
    return fewest_in(band_of_it) if band_of_it else leaf.secret.alone_from or 1


def _no_range(unit: Unit, flags: Sequence[str]) -> str:
    if "vetoed" in flags:
        return VETOED
    return HIDDEN_PART if _sampled(unit) is None else ""


def is_sample(step: AnyStep) -> bool:
    return isinstance(step, BallotMean) or (isinstance(step, AnswerDeductions) and step.method == "rate")


def _distribution(unit: Unit) -> tuple[Share, ...] | None:
    """Of the one part that voters gave, where it is shown; a panel's marks have none."""
    asked = [leaf for leaf in unit.inference.secrets if leaf.secret and leaf.secret.counts]
    if len(asked) != 1 or asked[0].id not in unit.figures.parts or not unit.figures.own.score:
        return None
    leaf = asked[0]
    if leaf.secret is None or not isinstance(leaf.step, BallotMean | AnswerDeductions):
        return None
    values = unit.rules.scheme.answer_scales[leaf.step.scale].values
    points = {word: Fraction(value) for word, value in values.items()}
    return distribution(Answers(leaf.secret.counts), Rules(points, (), frozenset()))


def _derivation(unit: Unit, *, remarks: bool) -> Node:
    scheme, figure = unit.rules.scheme, unit.figures.own
    by_id = {leaf.id: leaf for leaf in unit.leaves}
    parts = [_node(unit, scheme.score.subject, unit.result["derivation"], by_id, remarks=remarks)]
    if figure.grade and scheme.grades:
        vetoed = "vetoed" in unit.result.get("flags", [])
        because = str(unit.result.get("grade_because") or "") if vetoed else ""
        parts.append(Node("等次", scheme.grades.clause, scheme.grades.says, figure.grade, because=because))
    if unit.rank is not None and scheme.ranking:
        rank = f"{'并列' if unit.tied else ''}第{unit.rank}名"
        parts.append(Node("名次", scheme.ranking.clause, scheme.ranking.says, rank))
    total = scheme.step(scheme.score.subject)
    return Node("单位成绩", total.clause, says="", parts=tuple(parts))


def _node(unit: Unit, step_id: str, stored: Stored, leaves: Mapping[str, Leaf], *, remarks: bool) -> Node:
    step: AnyStep = unit.rules.scheme.step(step_id)
    whole = full_of(unit.rules.scheme, step)
    full = "另计" if whole is None else plain(whole)
    if leaf := leaves.get(step_id):
        return replace(_leaf_node(unit, leaf, remarks=remarks), full=full)
    parts = tuple(_node(unit, part, one, leaves, remarks=remarks) for part, one, _ in parts_of(step, stored))
    value = ""
    if step_id == unit.rules.scheme.score.subject:
        value = unit.figures.own.score or unit.figures.own.note
    elif stored["value"] is None:
        value = _why(unit, stored)
    elif _all_shown(parts):
        number = rounded(Fraction(stored["exact"]), coarse=unit.is_coarse, places=unit.places)
        value = shown(number, 0 if unit.is_coarse else unit.places)
    return Node(step.label, step.clause, step.says, value or NOT_ALONE, parts, full=full)


def _leaf_node(unit: Unit, leaf: Leaf, *, remarks: bool) -> Node:
    step, stored = leaf.step, leaf.stored
    said = Node(step.label, step.clause, step.says)
    if leaf.value is None:
        return replace(said, value=_why(unit, stored))
    if leaf.secret is None:
        return _in_full(stored, says=step.says, remarks=remarks)
    if leaf.id == unit.rules.scheme.score.subject:
        return replace(said, value=unit.figures.own.score or unit.figures.own.note)
    if leaf.id not in unit.figures.parts:
        return replace(said, value=NOT_ALONE)
    coarse = leaf.secret.is_coarse
    number = rounded(leaf.value, coarse=coarse, places=unit.places)
    return replace(said, value=shown(number, 0 if coarse else unit.places))


def _all_shown(parts: Sequence[Node]) -> bool:
    return all(part.value != NOT_ALONE for part in parts)


def _why(unit: Unit, stored: Stored) -> str:
    code = str(stored.get("withheld") or "")
    return TOO_FEW if code in TOO_FEW_CODES else withheld_in_words(code, unit.rules.scheme)


def _in_full(stored: Stored, *, says: str, remarks: bool) -> Node:
    """What the office gave, as it stands; what it noted on it is for the unit alone."""
    because = str(stored["because"])
    return Node(
        label=stored["label"],
        clause=stored["clause"],
        says=says,
        value=stored["value"] or "",
        parts=tuple(_in_full(one, says="", remarks=remarks) for one in stored["parts"]),
        because=because if remarks else because.partition(REMARK)[0],
    )
