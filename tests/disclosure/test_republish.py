"""What is published survives: lost files are made again, `republish` compares, a broken run harms nothing."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from departments.models import StaffMember
from disclosure.models import Publication
from disclosure.results import services as disclosure
from disclosure.results.jobs import render_publication
from office.models import Job
from tests.disclosure.states import published
from tests.evaluations.county import County
from tests.kit.publishing import run_waiting_jobs

pytestmark = pytest.mark.django_db


def published_by(county: County) -> Publication:
    return Publication.objects.select_related("result", "round").get(round=county.round)


@pytest.fixture
def publication(db: None) -> Publication:
    return published_by(published("all"))


def get(publication: Publication, file: str) -> Any:
    return Client().get(f"/results/{publication.pk}/{file}")


def folder(publication: Publication) -> Path:
    return Path(settings.PUBLISHED_ROOT) / publication.directory


def on_disk(publication: Publication) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder(publication).iterdir()}


def republish(*arguments: object) -> str:
    said = StringIO()
    call_command("republish", *(str(one) for one in arguments), stdout=said)
    return said.getvalue()


def refused(*arguments: object) -> tuple[str, str]:
    """What the command printed, and what it ended with."""
    said = StringIO()
    with pytest.raises(CommandError) as ended:
        call_command("republish", *(str(one) for one in arguments), stdout=said)
    return said.getvalue(), str(ended.value)


def test_every_kind_of_file_that_is_lost_is_answered_and_put_back(
    publication: Publication, forget_papers: Callable[[], None]
) -> None:
    before = on_disk(publication)
    assert before.keys() == publication.manifest.keys()
    assert {name.rpartition(".")[2] for name in before} == {
        "html", "css", "js", "svg", "pdf", "xlsx", "docx", "csv", "json",
    }  # fmt: skip
    forget_papers()
    shutil.rmtree(folder(publication))
    for file, content in before.items():
        answer = get(publication, file)
        assert (answer.status_code, answer.content) == (200, content), file
    assert on_disk(publication) == before
    assert not Job.objects.filter(state=Job.State.QUEUED).exists(), "nothing is left to do"


def test_a_lost_file_that_the_product_makes_otherwise_today_is_answered_and_all_made_anew(
    publication: Publication,
) -> None:
    """After an upgrade: pages of one publication keep one look."""
    manifest = publication.manifest
    manifest["index.html"]["sha256"] = "0" * 64
    Publication.objects.update(manifest=manifest)
    (folder(publication) / "index.html").unlink()
    for _ in range(2):
        answer = get(publication, "index.html")
        assert answer.status_code == 200
        assert publication.round.title in answer.content.decode()
    waiting = Job.objects.filter(state=Job.State.QUEUED)
    assert waiting.count() == 1
    waiting.update(state=Job.State.FAILED, finished_at=timezone.now())
    assert get(publication, "index.html").status_code == 200
    assert not waiting.exists(), "a rendering that has just failed is not begun by every reader"
    Job.objects.filter(state=Job.State.FAILED).update(state=Job.State.QUEUED, finished_at=None)
    run_waiting_jobs()
    publication.refresh_from_db()
    assert publication.manifest["index.html"]["sha256"] != "0" * 64
    assert on_disk(publication).keys() == publication.manifest.keys()


def test_a_lost_file_does_not_bring_back_who_was_taken_down(publication: Publication) -> None:
    page = next(name for name in publication.manifest if name.endswith("-persons.html"))
    shutil.rmtree(folder(publication))
    StaffMember.objects.filter(name="甲科员一").update(is_shown=False)
    for file in publication.manifest:
        assert "甲科员一" not in get(publication, file).content.decode(errors="replace"), file
    assert get(publication, page).status_code == 503


def test_no_file_is_made_that_the_publication_does_not_have(publication: Publication) -> None:
    (folder(publication) / "results.xlsx").unlink()
    manifest = publication.manifest
    del manifest["results.xlsx"]
    Publication.objects.update(manifest=manifest)
    assert get(publication, "results.xlsx").status_code == 404
    assert get(publication, "d0.html").status_code == 404


def test_republish_finds_every_file_the_same(
    publication: Publication, forget_papers: Callable[[], None]
) -> None:
    before, directory = on_disk(publication), publication.directory
    forget_papers()
    assert "逐字节一致" in republish(publication.pk, "--check")
    assert "逐字节一致" in republish("--all")
    publication.refresh_from_db()
    assert (publication.directory, on_disk(publication)) == (directory, before)


def test_republish_names_what_is_lost_or_was_tampered_with_and_mends_it(publication: Publication) -> None:
    before = on_disk(publication)
    (folder(publication) / "results.csv").unlink()
    (folder(publication) / "index.html").write_text("得分100")
    said, ended = refused(publication.pk, "--check")
    assert "1个缺失：results.csv" in said
    assert "1个被改动：index.html" in said
    assert "逐字节一致" not in said
    assert str(publication.pk) in ended
    assert not (folder(publication) / "results.csv").exists(), "a check changes nothing"
    assert "results.csv" in republish(publication.pk)
    publication.refresh_from_db()
    assert on_disk(publication) == before
    assert "逐字节一致" in republish(publication.pk, "--check")


def test_republish_puts_online_what_is_made_otherwise_today(publication: Publication) -> None:
    """The look of an upgrade comes to an old publication; its figures and its day stay."""
    made, day = publication.directory, publication.rendered_at
    old = f"{publication.pk}/older"
    shutil.copytree(folder(publication), Path(settings.PUBLISHED_ROOT) / old)
    page = Path(settings.PUBLISHED_ROOT) / old / "index.html"
    page.write_text("旧版式")
    manifest = publication.manifest
    manifest["index.html"]["sha256"] = hashlib.sha256(page.read_bytes()).hexdigest()
    Publication.objects.update(directory=old, manifest=manifest)
    said, _ = refused("--all", "--check")
    assert "1个与上次生成不同：index.html" in said
    assert get(publication, "index.html").content.decode() == "旧版式"
    republish("--all")
    publication.refresh_from_db()
    assert (publication.directory, publication.rendered_at) == (made, day)
    assert publication.round.title in get(publication, "index.html").content.decode()
    assert not (Path(settings.PUBLISHED_ROOT) / old).exists()


def test_republish_asks_which_publications(publication: Publication) -> None:
    assert "--all" in refused()[1]
    assert "--all" in refused(publication.pk, "--all")[1]
    assert "999" in refused(publication.pk, 999)[1]


class PowerFailureError(Exception):
    """The worker is gone."""


def test_a_renewal_that_breaks_in_the_middle_leaves_readers_all_they_had(publication: Publication) -> None:
    before, directory = on_disk(publication), publication.directory
    disclosure.renew_publication(publication=publication, acting_user=None, why="更正一处错字。")
    job = Job.objects.get(kind="publication.render", state=Job.State.QUEUED)

    class Killed:
        job_id = job.pk

        def __call__(self, done: int, total: int, message: str = "") -> None:
            if done:
                raise PowerFailureError

    with pytest.raises(PowerFailureError):
        render_publication(job.arguments, Killed())  # type: ignore[arg-type] - it only tells and breaks
    publication.refresh_from_db()
    assert publication.directory == directory
    assert {file: get(publication, file).content for file in publication.manifest} == before
    run_waiting_jobs()
    publication.refresh_from_db()
    assert publication.directory != directory
    pages = [file for file in publication.manifest if file.endswith(".html")]
    for file in pages:
        assert "更正一处错字" in get(publication, file).content.decode(), file
