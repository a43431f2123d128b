"""The scoring core: policies as data, every number with its derivation. No Django, no clock.

policy = load_scheme("yuncheng-2023")
outcome = score_round(policy, facts_from(data, policy))
outcome.to_json()
"""

from evaluations.scoring.agreement import disagreements, same_engine
from evaluations.scoring.engine import score_facts, score_round
from evaluations.scoring.facts import Facts, canonical
from evaluations.scoring.facts_reader import facts_from, read_facts
from evaluations.scoring.loading import Policy, load_scheme, parse_scheme, scheme_ids
from evaluations.scoring.outcome import Outcome
from office.definitions.faults import Fault, InvalidFactsError, InvalidInputError, InvalidSchemeError

__all__ = [
    "Facts",
    "Fault",
    "InvalidFactsError",
    "InvalidInputError",
    "InvalidSchemeError",
    "Outcome",
    "Policy",
    "canonical",
    "disagreements",
    "facts_from",
    "load_scheme",
    "parse_scheme",
    "read_facts",
    "same_engine",
    "scheme_ids",
    "score_facts",
    "score_round",
]
