"""Numbers of matters, one series per procedure and year, and query codes."""

from __future__ import annotations

import secrets

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Max
from django.utils.crypto import constant_time_compare, salted_hmac

from casework.matters.turns import take_turn
from casework.models import Matter, ProcedureVersion

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is mistaken for another
CODE_LENGTH = 8


def one_at_a_time(version: ProcedureVersion) -> None:
    """Wait for whoever counts on in this series: two would take the same serial number."""
    take_turn(version.procedure_id)


def next_serial(version: ProcedureVersion, year: int) -> int:
    one_at_a_time(version)
    last = Matter.objects.filter(procedure_id=version.procedure_id, year=year).aggregate(last=Max("serial"))
    return (last["last"] or 0) + 1


def written(prefix: str, year: int, serial: int) -> str:
    return f"{prefix}{year}-{serial:04d}"


def new_code() -> str:
    """Return a query code, shown once to who reported: four and four letters, easy to read out."""
    return _in_fours("".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)))


def code_of_form(key: str) -> str:
    """Return the query code of one form on a reporter's screen: sent twice, it has the same code.

    The key of the form is stored nowhere, so neither can the code be found again.
    """
    drawn = int.from_bytes(salted_hmac("casework.form-code", key, algorithm="sha256").digest())
    letters = []
    for _ in range(CODE_LENGTH):
        drawn, place = divmod(drawn, len(LETTERS))
        letters.append(LETTERS[place])
    return _in_fours("".join(letters))


def _in_fours(drawn: str) -> str:
    return f"{drawn[:4]}-{drawn[4:]}"


def mark_of(number: str, code: str) -> str:
    """Return what is stored of a code; without the server's secret it cannot be tried out."""
    plain = "".join(code.upper().split()).replace("-", "").replace("—", "")
    return salted_hmac("casework.query-code", f"{number}:{plain}", algorithm="sha256").hexdigest()


def found_by_code(number: str, code: str) -> Matter | None:
    """Return the matter that a number and its code open; None for a wrong number as for a wrong code."""
    try:
        matter = Matter.objects.select_related("version").get(number=number.strip().upper())
    except ObjectDoesNotExist:
        matter = None
    kept = matter.code_mark if matter else ""
    fits = constant_time_compare(kept or "-", mark_of(number.strip().upper(), code))
    return matter if fits and kept else None
