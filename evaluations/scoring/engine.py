"""Scores a round: every step for every subject in the order of the scheme, then grades, ranks, consequences.

Pure: the same scheme and facts give the same outcome, without a clock, a database or a float.
"""

from fractions import Fraction
from typing import Any

from evaluations.scoring.case import Case
from evaluations.scoring.collecting import without_collecting
from evaluations.scoring.consequences import TrackRecord, proposals
from evaluations.scoring.derivation import Derivation, missing_part
from evaluations.scoring.facts import Facts, MemberFacts, PastResult, SubjectFacts, canonical, in_order
from evaluations.scoring.facts_reader import facts_from
from evaluations.scoring.loading import Policy
from evaluations.scoring.outcome import AddressedProposal, GradedResult, Outcome, Result, SubjectResult
from evaluations.scoring.ranking import Lists, SortKey, lists, ranks
from evaluations.scoring.scheme import Scheme
from evaluations.scoring.strata import post_stratified, share_warnings, with_shares


@without_collecting
def score_round(policy: Policy, facts: Facts) -> Outcome:
    """The outcome of one round; ``facts`` must have been read against ``policy`` (``facts_reader``)."""
    scheme = with_shares(policy.decide(facts.options), facts.shares)
    prepared = {step.id: step.prepare(facts, scheme) for step in scheme.steps}
    cases = {
        key: _walk(
            scheme,
            Case(key=key, facts=subject, round_facts=facts, scheme=scheme, prepared=prepared),
        )
        for key, subject in facts.subjects.items()
    }
    results = {key: _result(scheme, case) for key, case in cases.items()}
    warnings = share_warnings(scheme.strata, facts.respondents) if scheme.strata else []
    warnings.extend(_count_warnings(scheme, facts))
    warnings.extend(_supervisor_warnings(facts))
    if facts.named_scheme not in ("", scheme.id):
        warnings.append(f"数据写明的评价方案是“{facts.named_scheme}”，本次按“{scheme.id}”计分")
    for step in scheme.steps:
        warnings.extend(step.warnings(prepared[step.id]))
    pools = _rank(scheme, cases, results, warnings)
    for key, case in cases.items():
        _conclude(scheme, case, results[key])
    return Outcome(
        scheme=scheme.id,
        scheme_sha256=policy.sha256,
        period=facts.period,
        options=policy.chosen_options(facts.options),
        subjects=results,
        lists=pools,
        warnings=warnings,
    )


def score_facts(policy: Policy, data: Any) -> dict[str, Any]:
    """Plain values in, plain values out: the form in which an outcome is stored and later recomputed.

    No order of keys in ``data`` matters: a database may return them in an order of its own. Raises
    ``InvalidFactsError`` with every fault of ``data``.
    """
    return score_round(policy, facts_from(canonical(data), policy)).to_json()


def _count_warnings(scheme: Scheme, facts: Facts) -> list[str]:
    found = []
    for key, group in scheme.subjects.groups.items():
        present = sum(1 for subject in facts.subjects.values() if subject.group == key)
        if group.count is not None and present != group.count:
            named = f"{group.label}：评价方案（条款{scheme.subjects.clause}）列明应参评{group.count}个"
            found.append(f"{named}，本轮{f'有{present}个' if present else '没有参评的'}，请核对参评名单")
    return found


def _supervisor_warnings(facts: Facts) -> list[str]:
    return [
        f"{subject.name}：{section.name}的分管负责人（{section.supervised_by}）不在被评人员之中"
        for subject in in_order(facts.subjects).values()
        for section in subject.sections.values()
        if section.supervised_by and section.supervised_by not in subject.members
    ]


def _walk(scheme: Scheme, case: Case) -> Case:
    for step in scheme.steps:
        if step.level == "subject":
            case.subject[step.id] = step.of_subject(case)
        elif step.level == "section":
            case.sections[step.id] = {key: step.of_section(case, key) for key in case.facts.sections}
        else:
            case.members[step.id] = {
                key: step.of_member(case, key)
                for key, member in case.facts.members.items()
                if step.judges(member.role)
            }
    return case


def _result(scheme: Scheme, case: Case) -> SubjectResult:
    score, facts = scheme.score, case.facts
    result = SubjectResult(case.subject[score.subject], score.places, facts.name, group=facts.group)
    _grade(scheme, result, "subject", facts.vetoes)
    result.flags.extend(case.flags)
    if score.section:
        found = case.sections[score.section]
        result.sections = {
            key: Result(one, score.places, facts.sections[key].name) for key, one in found.items()
        }
    if score.member:
        result.members = {key: _member(scheme, case, key) for key in facts.members}
    if (figure := post_stratified(scheme, case)) is not None:
        result.beside["post_stratified"] = figure
    return result


def _member(scheme: Scheme, case: Case, key: str) -> GradedResult:
    judging = (case.members[step].get(key) for step in scheme.score.member)
    derivation = next(filter(None, judging), None)
    if derivation is None:
        role = scheme.role_label(case.facts.members[key].role)
        derivation = Derivation(
            label="个人得分",
            clause=scheme.subjects.clause,
            exact=None,
            because=f"{role}不在评价之列",
            withheld=missing_part("member"),
        )
    result = GradedResult(derivation, scheme.score.places, case.facts.members[key].name)
    _grade(scheme, result, "member", ())
    return result


def _grade(scheme: Scheme, result: GradedResult, level: str, vetoes: tuple[str, ...]) -> None:
    grades, score = scheme.grades, result.score
    if vetoes and scheme.veto:
        result.grade = scheme.veto.grade
        events = "、".join(scheme.veto.events[event] for event in vetoes)
        result.grade_because = f"一票否决：{events}（{scheme.veto.clause}）"
        result.flags.append("vetoed")
    elif grades and score is not None and level in grades.levels:
        graded = grades.of(score)
        result.grade, result.grade_because = graded.grade, f"{graded.because}（{grades.clause}）"
        if graded.grade is None:
            result.flags.append("grade_to_confirm")


def _rank(
    scheme: Scheme, cases: dict[str, Case], results: dict[str, SubjectResult], warnings: list[str]
) -> dict[str, Lists]:
    if scheme.ranking is None:
        return {}
    pools: dict[str, dict[str, SortKey]] = {}
    for key, result in in_order(results).items():
        pool = pools.setdefault(scheme.pool_of(result.group), {})
        ranked = scheme.ranking.vetoed == "ranked" or "vetoed" not in result.flags
        if result.score is not None and ranked:
            pool[key] = (result.score, *_tie_key(scheme, cases[key]))
    found: dict[str, Lists] = {}
    order = dict.fromkeys(scheme.pool_of(group) for group in scheme.subjects.groups)
    for name, keys in in_order(pools, order).items():
        lowest = min(keys.values(), default=())
        for key, rank in ranks(keys).items():
            results[key].rank, results[key].ranked_of = rank, len(keys)
            results[key].last = rank > 1 and keys[key] == lowest
        found[name] = lists(keys, scheme.ranking, scheme.ranking.sizes(name))
        _note(found[name], name, results, warnings)
        if found[name].shortened:
            warnings.append(f"{name}：{found[name].shortened}")
    return found


def _tie_key(scheme: Scheme, case: Case) -> SortKey:
    """The values that break ties, in order; a missing value ranks after every other."""
    steps = scheme.ranking.tie_breakers if scheme.ranking else ()
    values = [case.subject[step].exact for step in steps]
    return tuple(
        part for value in values for part in ((Fraction(0),) if value is None else (Fraction(1), value))
    )


def _note(found: Lists, pool: str, results: dict[str, SubjectResult], warnings: list[str]) -> None:
    for key in found.best:
        results[key].listed = "best"
    for key in found.worst:
        results[key].listed = "worst"
    if found.all_equal:
        warnings.append(f"{pool}：得分全部相同，不列名单")
    if found.to_confirm:
        names = "、".join(results[key].name for key in found.to_confirm)
        warnings.append(f"{pool}：名单边缘同分，需人工确认：{names}")
        for key in found.to_confirm:
            results[key].flags.append("list_to_confirm")


def _conclude(scheme: Scheme, case: Case, result: SubjectResult) -> None:
    grades = scheme.grades
    period = case.round_facts.period
    graded = tuple(
        (case.facts.members[key].name, one.grade) for key, one in result.members.items() if one.grade
    )
    now = PastResult(period, grade=result.grade, listed=result.listed, rank=result.rank, last=result.last)
    per_year = scheme.cadence.rounds_per_year
    record = TrackRecord(now, case.facts.history, graded, scheme.streaks, per_year)
    for proposal in proposals(scheme.consequences, "subject", record, grades):
        if proposal.rule.only_vertical and not case.facts.superior_body:
            continue
        result.consequences.append(
            AddressedProposal(proposal, _reached(scheme, case.facts, proposal.rule.targets))
        )
    rules = tuple(rule for rule in scheme.consequences if rule.level == "member")
    for key, one in result.members.items() if rules else ():
        member = case.facts.members[key]
        own = TrackRecord(PastResult(period, one.grade), member.history, (), scheme.streaks, per_year)
        for proposal in proposals(rules, "member", own, grades):
            if not proposal.rule.roles or member.role in proposal.rule.roles:
                reached = _reached_from(scheme, case.facts, key, member, proposal.rule.targets)
                one.consequences.append(AddressedProposal(proposal, reached))


def _reached(scheme: Scheme, facts: SubjectFacts, targets: tuple[str, ...]) -> tuple[str, ...]:
    """The members that a subject's consequence addresses: by the target of their role, or as supervisor."""
    roles = scheme.subjects.roles
    supervising = {section.supervised_by for section in facts.sections.values()}
    return tuple(
        key
        for key, member in facts.members.items()
        if roles[member.role].target in targets or ("supervisor_of_section" in targets and key in supervising)
    )


def _reached_from(
    scheme: Scheme, facts: SubjectFacts, key: str, member: MemberFacts, targets: tuple[str, ...]
) -> tuple[str, ...]:
    section = facts.sections.get(member.section or "")
    found: dict[str, Any] = dict.fromkeys([key] if "self" in targets else [])
    if "own_section" in targets and member.section:
        found |= dict.fromkeys(other for other, one in facts.members.items() if one.section == member.section)
    if "supervisor_of_section" in targets and section and section.supervised_by:
        found[section.supervised_by] = None
    if "principal" in targets:
        found |= dict.fromkeys(_reached(scheme, facts, ("principal",)))
    return tuple(found)
