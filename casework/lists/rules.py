"""What the county's text leaves to a file about typical cases, lists and contact reports: `lists.yaml`."""

from __future__ import annotations

from pydantic import Field

from casework.procedure.beside import rules_beside
from casework.procedure.parts import Provision, Time
from office.definitions.rule import Part, Words


class CaseRule(Provision):
    """For how many months a case is shown, how a firm is written, which words name a complainant.

    Months end on the same day whether people work on it or not: a page is no office.
    """

    shown_for_months: int = Field(ge=1)
    firm_shown: Words
    firm_words: tuple[Words, ...] = Field(min_length=1)
    complainant_words: tuple[Words, ...] = Field(min_length=1)


class ContactRule(Provision):
    """Until when a contact may still be reported afterwards, and who may have paid for a meal."""

    late_within: Time
    meal: tuple[Words, ...] = Field(min_length=1)


class ListRules(Part):
    cases: CaseRule
    lists: Provision
    contacts: ContactRule


def rules() -> ListRules:
    return rules_beside(ListRules, "lists.yaml")
