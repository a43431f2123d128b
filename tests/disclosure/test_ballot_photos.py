"""Photos at the questions of a ballot (YC-R1, YC-R6): what the public sees; no request says whose."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from pytest_django.fixtures import Settings

from departments.models import StaffMember
from office.errors import Refused
from surveys.ballots import forms
from surveys.ballots.encoding import from_b64
from surveys.box import questionnaire
from tests.evaluations.county import County
from tests.kit.ballot_form import form
from tests.kit.files import own_folders, picture
from tests.kit.publishing import show_all

BASIS = "2026年9月1日本人同意书"
BOTH = ["甲科长", "甲科员一"]


def with_photo(name: str, basis: str = BASIS) -> None:
    person = StaffMember.objects.get(name=name)
    person.photo.save("x.jpg", ContentFile(picture(color="blue")), save=False)
    person.photo_basis = basis
    person.save()


@pytest.fixture
def county(db: None, settings: Settings, tmp_path: Path) -> Iterator[County]:
    """An open round whose ballot shows the photos of 甲科长 and 甲科员一; 甲科员二's came too late."""
    own_folders(settings, tmp_path)
    settings.DEMO = True
    county = County()
    for name in BOTH:
        with_photo(name)
    with_photo("乙科员一", basis="")
    show_all()
    with_photo("甲科员二")
    county.round = county.opened()
    return county


def public(county: County) -> dict[str, Any]:
    (key, *_) = json.loads(county.survey.public)["keys"]
    found: dict[str, Any] = json.loads(Client().get(f"/v/form/{key['id']}.json").content)["public"]
    return found


def address(county: County) -> str:
    return f"/v/photos/{public(county)['form']['photos']['digest']}.json"


def ids(*names: str) -> set[str]:
    return {f"p{person.pk}" for person in StaffMember.objects.filter(name__in=names)}


def test_the_ballot_shows_small_copies_of_published_photos_only(county: County) -> None:
    asked = public(county)["form"]
    sections = [section for part in asked["departments"] for section in part["sections"]]
    people = [one for section in sections for one in section["persons"]]
    assert {one["id"] for one in people if one.get("photo")} == ids(*BOTH)
    pack = json.loads(Client().get(address(county)).content)
    assert set(pack["photos"]) == set(pack["digests"]) == ids(*BOTH)
    text = f"sanliang/photos/1|{forms.canonical(pack['digests'])}"
    assert sha256(text.encode()).hexdigest() == asked["photos"]["digest"]
    for key, encoded in pack["photos"].items():
        content = from_b64(encoded)
        assert sha256(content).hexdigest() == pack["digests"][key]
        assert len(content) < 8 * 1024
        with Image.open(io.BytesIO(content)) as drawn:
            assert (drawn.format, drawn.size) == ("JPEG", (96, 128))
            assert not drawn.getexif()


def test_the_request_is_one_for_all_leaves_no_trace_and_may_be_cached(county: County) -> None:
    visitor, path = Client(), address(county)
    visitor.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = visitor.get(path, headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert not answer.cookies
    assert all(query["sql"].startswith("SELECT") and "session" not in query["sql"] for query in asked)
    assert not any(key in path for key in ids(*BOTH)), "the address names nobody"


def test_who_is_taken_down_or_takes_the_photo_back_is_gone_at_once(county: County) -> None:
    path = address(county)
    StaffMember.objects.filter(name="甲科长").update(is_shown=False)
    pack = json.loads(Client().get(path).content)
    assert set(pack["photos"]) == ids("甲科员一")
    assert set(pack["digests"]) == ids(*BOTH), "the list that the form names stays whole"
    StaffMember.objects.filter(name="甲科员一").update(photo_basis="")
    assert json.loads(Client().get(path).content)["photos"] == {}


def test_after_the_close_the_photos_are_removed(
    county: County, django_capture_on_commit_callbacks: Any
) -> None:
    path = address(county)
    folder = Path(django_settings.PRIVATE_ROOT) / "ballot-photos"
    assert len(list(folder.iterdir())) == 1
    with django_capture_on_commit_callbacks(execute=True):
        county.close(county.round)
    assert list(folder.iterdir()) == []
    answer = Client().get(path)
    assert (answer.status_code, answer.json()["error"]) == (404, "no_photos")
    assert Client().get(f"/v/photos/{'0' * 64}.json").status_code == 404


def test_a_form_without_photos_is_as_it_was() -> None:
    questionnaire.check("s-1", form())
    digest = {"digest": "0" * 64, "kb": 12}
    questionnaire.check("s-1", {**form(), "photos": digest})
    wrongs = ({}, {**digest, "digest": "x"}, {**digest, "kb": "12"}, {**digest, "address": "//evil"}, "x", 5)
    for wrong in wrongs:
        with pytest.raises(Refused):
            questionnaire.check("s-1", {**form(), "photos": wrong})
