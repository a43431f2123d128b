"""Every golden case holds, and every requirement and clause of a shipped scheme has at least one."""

import pytest

from evaluations.scoring import load_scheme, scheme_ids
from tests.scoring.golden import GoldenCase, golden_cases

CASES = golden_cases()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_golden_case(case: GoldenCase) -> None:
    if faults := case.faults():
        pytest.fail("\n".join(faults), pytrace=False)


@pytest.mark.parametrize("scheme", scheme_ids())
def test_every_requirement_of_a_scheme_has_a_case(scheme: str) -> None:
    proven = {case.requirement for case in CASES if case.scheme == scheme}
    assert set(load_scheme(scheme).defaults.requirements) <= proven


@pytest.mark.parametrize("scheme", scheme_ids())
def test_every_clause_a_scheme_cites_has_a_case(scheme: str) -> None:
    defaults = load_scheme(scheme).defaults
    rules = [*defaults.steps, *defaults.consequences, *defaults.answer_scales.values()]
    rules += [rule for rule in (defaults.grades, defaults.veto, defaults.ranking, defaults.strata) if rule]
    proven = {case.clause for case in CASES if case.scheme == scheme}
    assert {rule.clause for rule in rules} <= proven


def test_no_two_cases_have_the_same_name() -> None:
    names = [str(case) for case in CASES]
    assert len(names) == len(set(names))


def test_every_case_expects_something() -> None:
    silent = [str(case) for case in CASES if not (case.expect or case.told or case.flip or case.refused)]
    assert silent == []
