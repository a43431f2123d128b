"""Kinds of voters (评价主体): whether the returns keep the shares, and a figure weighted by the shares."""

from fractions import Fraction

from evaluations.scoring.case import Case
from evaluations.scoring.derivation import Derivation, missing_part
from evaluations.scoring.facts import Counts, pooled
from evaluations.scoring.scheme import Scheme, Strata
from evaluations.scoring.steps import BallotMean, MemberMean
from office.definitions.numbers import plain, shown
from office.definitions.rule import WHOLE


def with_shares(scheme: Scheme, shares: dict[str, Fraction]) -> Scheme:
    """The scheme with the round's own shares; without any, the scheme itself."""
    if scheme.strata is None or not shares:
        return scheme
    return scheme.model_copy(update={"strata": scheme.strata.model_copy(update={"shares": shares})})


def share_warnings(strata: Strata, respondents: Counts) -> list[str]:
    """One sentence per stratum whose share of the returns deviates by more than the tolerance."""
    total = sum(respondents.values())
    if not total:
        return []
    found = []
    for stratum, share in strata.shares.items():
        actual = Fraction(100 * respondents.get(stratum, 0), total)
        if abs(actual - share) > strata.tolerance:
            found.append(
                f"评价主体比例偏差：{stratum}占 {shown(actual, 2)}%，应占 {plain(share)}%，"
                f"偏差超过 {plain(strata.tolerance)} 个百分点（条款{strata.clause}）"
            )
    return found


def post_stratified(scheme: Scheme, case: Case) -> Derivation | None:
    """The mean of each stratum weighted by its intended share; None if answers are not split by stratum."""
    strata = scheme.strata
    ballot = _ballot_step(scheme)
    if strata is None or ballot is None:
        return None
    tables = _tables(case, ballot)
    if not tables:
        return None
    parts, total, weights = [], Fraction(0), Fraction(0)
    single = ballot.model_copy(update={"min_answers": 1})
    for key, table in tables.items():
        share = sum((strata.shares[stratum] for stratum in key.split("+")), Fraction(0))
        mean = single.mean(case, table)
        label = f"{key}（{plain(share)}%）"
        parts.append(
            Derivation(
                label=label,
                clause=strata.clause,
                exact=mean.exact,
                because=mean.because,
                parts=mean.parts,
                withheld=mean.withheld,
            )
        )
        if mean.exact is not None:
            total += mean.exact * share
            weights += share
    if weights != WHOLE:
        return Derivation(
            label="按评价主体比例校正",
            clause=strata.clause,
            exact=None,
            because="有的评价主体没有有效票，不作校正",
            parts=tuple(parts),
            withheld=missing_part("strata"),
        )
    return Derivation(
        label="按评价主体比例校正",
        clause=strata.clause,
        exact=total / WHOLE,
        because="各类评价主体的平均按应占比例加权，仅供参考，不作为得分",
        parts=tuple(parts),
        readings=strata.readings,
    )


def _ballot_step(scheme: Scheme) -> BallotMean | None:
    if scheme.strata is None or scheme.strata.beside is None:
        return None
    step = scheme.step(scheme.strata.beside)
    if isinstance(step, MemberMean):
        step = scheme.step(step.of)
    return step if isinstance(step, BallotMean) else None


def _tables(case: Case, ballot: BallotMean) -> dict[str, dict[str, Counts]]:
    """Stratum → question → choice → count, from the members if they have it, else from the subject."""
    found: dict[str, list[dict[str, Counts]]] = {}
    owners = [member for member in case.facts.members.values() if ballot.judges(member.role)]
    holders = [owner.answers_by_stratum for owner in owners if owner.answers_by_stratum]
    for by_stratum in holders or [case.facts.answers_by_stratum]:
        for key, answers in by_stratum.items():
            found.setdefault(key, []).append(answers.get(ballot.source, {}))
    return {key: pooled(tables) for key, tables in found.items()}
