"""What a voter's phone asks: no user, no audit row, no job, no time, no trace.

The order inside a transaction matters: write first, look at the survey's state after. The close
holds both tables still, so a vote that wrote before it is counted and one that comes after it
sees the closed box and takes its writing back.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction

from surveys import interim, keyring
from surveys.ballots import forms
from surveys.ballots.encoding import ALPHABET
from surveys.ballots.slips import KEY_ID_LENGTH, hash_code, is_well_formed, normalize
from surveys.models import Ballot, Slip, Stratum, Survey
from surveys.refusals import NotTaken

Json = dict[str, Any]
TEXT_OF_A_SLIP = {
    Slip.State.REDEEMED: "used",
    Slip.State.PAPER: "paper",
    Slip.State.VOID: "void",
}


def stratum_of(key_id: object) -> Stratum:
    """The stratum of a printed key id, with its survey."""
    text = normalize(key_id) if isinstance(key_id, str) else ""
    if len(text) != KEY_ID_LENGTH or set(text) - set(ALPHABET):
        raise NotTaken("unknown_key")
    found = Stratum.objects.select_related("survey").filter(key_id=text).first()
    if found is None:
        raise NotTaken("unknown_key")
    return found


def slip_hash(code: object) -> bytes:
    """The stored hash of a typed code; a mistyped one never reaches the database."""
    text = normalize(code) if isinstance(code, str) else ""
    if not is_well_formed(text):
        raise NotTaken("unknown_code")
    return hash_code(text, pepper=keyring.pepper())


@lru_cache(maxsize=8)
def public_of(survey_id: int, fingerprint: str) -> Json:
    """The frozen form of a survey, parsed once per process."""
    return dict(json.loads(Survey.objects.values_list("public", flat=True).get(pk=survey_id)))


def cast_interim(*, key_id: object, code: object, answers: object, comments: object) -> None:
    """Take one interim ballot: slip and ballot in one transaction, sealed before it is stored.

    Code and answers come in one request here, so the server could connect them; therefore demo only.
    """
    if not settings.DEMO:
        raise NotTaken("not_open")
    stratum = stratum_of(key_id)
    code_hash = slip_hash(code)
    survey = stratum.survey
    if survey.state in (Survey.State.DRAFT, Survey.State.FROZEN):
        raise NotTaken("not_open")
    form = public_of(survey.pk, survey.fingerprint)["form"]
    try:
        sealed = interim.seal(survey.tally_public_key, form, _cells(form, answers), _comments(form, comments))
    except interim.TooLong:
        raise NotTaken("too_long") from None
    with transaction.atomic():
        _use_slip(stratum, code_hash)
        Ballot.objects.create(stratum=stratum, sealed=sealed)
        _still_open(survey)


def _use_slip(stratum: Stratum, code_hash: bytes) -> None:
    """Unused to redeemed by one conditional update: of two at once exactly one succeeds.

    The update names slip and state only. With a join Django would put the condition into a
    subquery, which PostgreSQL does not look at again after waiting: both would succeed.
    """
    slip = slip_of(stratum, code_hash)
    unused = Slip.objects.filter(pk=slip.pk, state=Slip.State.UNUSED)
    if not unused.update(state=Slip.State.REDEEMED):
        slip.refresh_from_db()
        raise NotTaken(TEXT_OF_A_SLIP.get(Slip.State(slip.state), "busy"))


def slip_of(stratum: Stratum, code_hash: bytes) -> Slip:
    """The slip of a code, if it belongs to this key."""
    slip = Slip.objects.select_related("batch").filter(code_hash=code_hash).first()
    if slip is None:
        raise NotTaken("unknown_code")
    if slip.batch.survey_id != stratum.survey_id:
        raise NotTaken("other_survey")
    if slip.batch.stratum_id != stratum.pk:
        raise NotTaken("unknown_code")
    return slip


def _still_open(survey: Survey) -> None:
    state = Survey.objects.values_list("state", flat=True).get(pk=survey.pk)
    if state != Survey.State.OPEN:
        raise NotTaken("closed")


def _cells(form: Json, answers: object) -> bytes:
    """One byte per cell: 0 untouched, else the place of the choice, counted from 1."""
    if not isinstance(answers, dict):
        raise NotTaken("bad_request")
    places = {word: place for place, word in enumerate(forms.words(form), start=1)}
    left = {
        (subject, question): word
        for subject, given in answers.items()
        if isinstance(given, dict)
        for question, word in given.items()
    }
    if len(left) != sum(len(given) if isinstance(given, dict) else 1 for given in answers.values()):
        raise NotTaken("bad_request")
    row = bytearray()
    for cell in forms.cells(form):
        word = left.pop((cell.subject, cell.question), None)
        if word is not None and (not isinstance(word, str) or word not in places):
            raise NotTaken("not_in_form")
        row.append(places[word] if word is not None else 0)
    if left:
        raise NotTaken("not_in_form")
    return bytes(row)


def _comments(form: Json, comments: object) -> list[Json]:
    """Concrete matter and suggestion (YC-R8), each bound to a cell of the form."""
    if not isinstance(comments, list):
        raise NotTaken("bad_request")
    known = {(cell.department, cell.subject, cell.question) for cell in forms.cells(form)}
    names = ("department", "subject", "question", "matter", "suggestion")
    kept = []
    for comment in comments:
        if not isinstance(comment, dict) or not all(isinstance(comment.get(name), str) for name in names):
            raise NotTaken("bad_request")
        if (comment["department"], comment["subject"], comment["question"]) not in known:
            raise NotTaken("not_in_form")
        kept.append({name: comment[name] for name in names})
    if sum(len(comment["matter"]) + len(comment["suggestion"]) for comment in kept) > form["comment_cap"]:
        raise NotTaken("too_long")
    return kept
