"""The base of every rule of a scheme: strict keys, exact numbers, a clause, and our own words."""

import re
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from office.definitions.numbers import exact

_NUMERAL = "[一二三四五六七八九十]+"
_CLAUSE = re.compile(rf"(?:{_NUMERAL}(?:\({_NUMERAL}\))?(?:\d+(?:\(\d+\))?)?|附件\d*)\Z")


def _clause_form(text: str) -> str:
    for part in text.split("、"):
        if not _CLAUSE.match(part):
            raise ValueError(
                "not a clause reference; write it like 六, 二(一), 三(二)1, 三(二)1(11) or 附件3"
            )
    return text


WHOLE = 100
"""Shares and weights in per cent sum to this."""

Number = Annotated[Fraction, BeforeValidator(exact)]
Points = Annotated[Fraction, BeforeValidator(exact), Field(ge=0)]
Clause = Annotated[str, AfterValidator(_clause_form)]
Words = Annotated[str, StringConstraints(min_length=1, strict=True)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Part(BaseModel):
    """A piece of a scheme; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Rule(Part):
    """A rule names the clause it is based on; ``says`` puts in our own words what the clause requires."""

    clause: Clause
    says: Words
    readings: tuple[str, ...] = ()
