"""What is not published reaches no visitor: by no link, by no address, by no path of a stored file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as product
from django.core.files.base import ContentFile
from django.test import Client
from pytest_django.fixtures import Settings

from departments.models import StaffMember
from disclosure.models import Publication
from evaluations import services
from evaluations.models import Result
from office.jobs import services as jobs
from tests.disclosure.states import published, ready
from tests.evaluations.county import County, fresh
from tests.kit.files import own_folders, picture
from tests.walk.addresses import OFFICE, PUBLIC
from tests.walk.following import Walk

pytestmark = pytest.mark.django_db
FILES = (
    "index.html",
    "method.html",
    "results.json",
    "results.csv",
    "results.xlsx",
    "results.pdf",
    "board-a3.pdf",
)
OF_A_READER = ("/results/", "/departments/", "/duties/", "/sections/", "/search/", "/screen/")


@pytest.fixture(autouse=True)
def folders(settings: Settings, tmp_path: Path) -> None:
    own_folders(settings, tmp_path)
    settings.DEMO = True


def visitor() -> Client:
    return Client(raise_request_exception=False)


def addresses(county: County) -> Iterator[str]:
    """Every address of the product with numbers that objects have, and files by the names they would have."""
    numbers = (1, 2)
    for page in [*OFFICE, *PUBLIC]:
        for number in numbers if "<" in page.route else [0]:
            names = [part.partition(">")[0].rpartition(":")[2] for part in page.route.split("<")[1:]]
            given = dict.fromkeys(names, number) | {"public_id": county.survey.public_id}
            for file in FILES if "file" in names else [number]:
                yield page.address(**{**given, **({"file": file} if "file" in names else {})})
    yield from (f"/photos/{pk}.jpg" for pk in StaffMember.objects.values_list("pk", flat=True))
    units = [unit.pk for unit in county.departments]
    for number in numbers:
        yield from (
            f"/results/{number}/d{unit}{end}" for unit in units for end in (".html", "-persons.html", ".pdf")
        )
    yield from ("/search/?q=甲", "/search/?q=jia", "/search/?q=科员", "/screen/county/frames.json")


def test_before_the_publication_nothing_of_a_result_or_a_person_is_found() -> None:
    """YC-R1 YC-R3: a result is computed and its appeals are over; no identity is approved."""
    county = ready("all")
    person = StaffMember.objects.filter(name="甲科员一").get()
    person.photo, person.photo_basis = ContentFile(picture(), "photo.jpg"), "本人同意书"
    person.save()
    jobs.sweep()  # as a worker does: /readyz asks for one
    walk = Walk()
    walk.follow(visitor(), "/", most=1000)
    for url in addresses(county):
        walk.ask(visitor(), url)
    assert walk.broken == []
    assert walk.gone == []
    assert not [url for url in walk.pages if url.startswith("/office/") and "/login/" not in url]
    told = [*StaffMember.objects.values_list("name", flat=True), "93.33"]
    found = {url: word for url, content in walk.pages.items() for word in told if word.encode() in content}
    assert found == {}


def test_no_stored_file_is_reached_by_its_path() -> None:
    """Photos before they are approved, bundles, keys, results: files are handed out by views alone."""
    county = published("all")
    person = StaffMember.objects.filter(name="甲科员一").get()
    person.photo, person.photo_basis = ContentFile(picture(), "photo.jpg"), "本人同意书"
    person.save()
    roots = {
        Path(product.MEDIA_ROOT),
        Path(product.PRIVATE_ROOT),
        Path(product.PUBLISHED_ROOT),
        Path(product.DATA_DIR),
    }
    paths = {
        path.relative_to(root).as_posix() for root in roots for path in root.rglob("*") if path.is_file()
    }
    assert any(path.endswith(".jpg") for path in paths)
    assert any("bundle" in path or county.survey.public_id in path for path in paths)
    for path in paths:
        for folder in ("media", "static", "private", "published", "files", "static/..", "media/../private"):
            assert visitor().get(f"/{folder}/{path}").status_code in {400, 404}, f"/{folder}/{path}"


def test_what_a_correction_computes_changes_no_page_before_it_is_published() -> None:
    """Byte by byte, on every page a reader comes to."""
    county = published("all")
    before = Walk()
    before.follow(visitor(), "/results/", most=1000)
    services.begin_correction(
        round=county.round, reason="名单有误", decision="示政办〔2026〕12号", acting_user=county.operator
    )
    county.withdraw(county.round, "甲科员二", "已调离")
    county.compute(fresh(county.round), reason="名单有误")
    after = Walk()
    after.follow(visitor(), "/results/", most=1000)
    assert Result.objects.count() == 2
    assert Publication.objects.count() == 1
    read = [url for url in before.pages if url.startswith(OF_A_READER)]
    assert len(read) > 10
    assert {url: after.pages.get(url) for url in read} == {url: before.pages[url] for url in read}
    assert set(after.pages) == set(before.pages)
