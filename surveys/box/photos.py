"""Photos on the ballot: as published when the slips are made, small, all of a survey in one file.

A phone fetches that one file at the first tap, whoever's photo was tapped: a request for one person's, or one
department's, would tell whoever watches the server whom a voter is thinking of. The frozen form names the
digest of the list of digests, so the phone knows each photo and still accepts a file from which somebody was
taken out since; and the size, for the line beside the button.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from PIL import Image, UnidentifiedImageError

from departments.models import StaffMember
from office.files import stored
from surveys.ballots import forms
from surveys.ballots.encoding import to_b64
from surveys.models import Survey

Json = dict[str, Any]
SIZE = (96, 128)
QUALITY = 55
KILO = 1024


@dataclass(frozen=True)
class Photo:
    """The published photo of somebody who can be rated."""

    staff: int
    content: bytes


def enclose(form: Json, photos: Mapping[str, Photo]) -> Json:
    """The form with a mark at everybody who has a photo, and the digest of the file that is stored."""
    asked = [person for one in form["departments"] for part in one["sections"] for person in part["persons"]]
    small = {one["id"]: _small(photos[one["id"]].content) for one in asked if one["id"] in photos}
    kept = {
        key: {"staff": photos[key].staff, "photo": to_b64(content), "digest": sha256(content).hexdigest()}
        for key, content in small.items()
        if content
    }
    if not kept:
        return form
    for person in asked:
        if person["id"] in kept:
            person["photo"] = True
    digests = forms.canonical({key: one["digest"] for key, one in kept.items()})
    digest = sha256(f"sanliang/photos/1|{digests}".encode()).hexdigest()
    content = json.dumps(kept, sort_keys=True).encode()
    stored.put(stored.private(), _name(digest), content)
    return {**form, "photos": {"digest": digest, "kb": -(-len(content) // KILO)}}


def _small(content: bytes) -> bytes:
    """The photo for a phone's screen; empty where the file is damaged."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as picture:
            picture.draft("RGB", (SIZE[0] * 2, SIZE[1] * 2))
            drawn = picture.convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return b""
    drawn.thumbnail(SIZE)
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def pack(digest: str, *, packed: bool) -> bytes | None:
    """The file of an open survey as phones get it, without whoever may not be shown any more; else None."""
    if not Survey.objects.filter(state=Survey.State.OPEN, form__photos__digest=digest).exists():
        return None
    try:
        kept = _kept(digest)
    except FileNotFoundError:
        return None
    staff = StaffMember.objects.shown().filter(pk__in=[one["staff"] for one in kept.values()])
    return _packed(digest, frozenset(staff.exclude(photo_basis="").values_list("pk", flat=True)), packed)


@lru_cache(maxsize=2)
def _kept(digest: str) -> Json:
    found: Json = json.loads(stored.take(stored.private(), _name(digest)))
    return found


@lru_cache(maxsize=4)
def _packed(digest: str, shown: frozenset[int], packed: bool) -> bytes:
    kept = _kept(digest)
    whole = {
        "digests": {key: one["digest"] for key, one in kept.items()},
        "photos": {key: one["photo"] for key, one in kept.items() if one["staff"] in shown},
    }
    content = json.dumps(whole).encode()
    return gzip.compress(content, mtime=0) if packed else content


def remove(survey: Survey) -> None:
    """Remove the file once nobody can vote any more."""
    if named := survey.form.get("photos"):
        stored.private().delete(_name(named["digest"]))


def _name(digest: str) -> str:
    return f"ballot-photos/{digest}.json"
