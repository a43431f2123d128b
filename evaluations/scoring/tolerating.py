"""Tolerance and clearing (容错纠错、澄清正名): by which tests, by whom, until when. They touch no score."""

from pydantic import Field, model_validator

from office.definitions.rule import Id, Part, Rule, Words


class Test(Part):
    """One question that is answered before a body tolerates what went wrong."""

    id: Id
    label: Words
    question: Words


class Tolerance(Rule):
    """What an application for tolerance is tested by and who decides it, and how a name is cleared.

    ``follow_up_days`` after a name was cleared somebody visits the person.
    """

    tests: tuple[Test, ...] = Field(min_length=1)
    decided_by: tuple[Words, ...] = Field(min_length=1)
    clearing_working_days: int = Field(ge=1, le=60)
    follow_up_days: int = Field(ge=1, le=365)

    @model_validator(mode="after")
    def _tests_once(self) -> "Tolerance":
        ids = [one.id for one in self.tests]
        if len(set(ids)) < len(ids):
            raise ValueError("a test is named twice")
        return self
