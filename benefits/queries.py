"""What other rooms may ask of benefits."""

from benefits.catalogue.drafting import category_label
from benefits.claims.deciding import decision_of
from benefits.claims.limits import is_literal, limit_beside
from benefits.claims.papers import of_claim as papers_of_claim
from benefits.claims.queries import claim_of
from benefits.rules import rules

__all__ = [
    "category_label",
    "claim_of",
    "decision_of",
    "is_literal",
    "limit_beside",
    "papers_of_claim",
    "rules",
]
