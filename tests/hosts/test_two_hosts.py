"""Two web hosts and two workers on one PostgreSQL and one Redis: what was begun on one goes on on the other.

Each host has a DATA_DIR of its own; FILES_DIR and KEYS_DIR are shared, as docs/operations.md has it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from time import monotonic

import pytest
from celery import current_app
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings
from redis import Redis

from departments.models import StaffMember, Town
from disclosure.models import Publication
from office.exports import documents
from office.jobs import services as jobs
from office.models import Job, User
from surveys.keys import keyring
from surveys.models import MarketEntity, Survey
from surveys.slips.printed import PrintedSlip
from tests.departments.test_import_photos import archive
from tests.disclosure.states import published
from tests.evaluations.county import County
from tests.hosts.host import Browser, Host, Phone
from tests.kit.files import picture, uploaded
from tests.kit.people import PASSWORD
from tests.kit.survey_office import Office, Voter
from tests.kit.worker import eventually
from tests.surveys.test_import_entities import GOOD, library

pytestmark = [pytest.mark.on_postgresql, pytest.mark.django_db(transaction=True)]
ENTITIES, PHOTOS = "/office/import/entities/", "/office/import/photos/"
MINUTE = 60


@pytest.fixture
def county(transactional_db: None, settings: Settings) -> County:
    """A county with a published result, whose operator may sign in."""
    settings.PUBLIC_ORIGIN = "https://a.test"
    county = published()
    county.operator.set_password(PASSWORD)
    county.operator.save()
    return county


@pytest.fixture
def hosts(county: County, tmp_path: Path) -> Iterator[list[Host]]:
    current_app.control.purge()
    with Redis.from_url(settings.REDIS_URL) as redis:
        redis.delete("timed", "jobs")
    started = [Host(tmp_path / name) for name in ("one", "two", "three")]
    yield started
    for host in started:
        host.kill_all()


class Walk:
    """Rows of the table, one after the other: what fails is told at the end, with all that holds."""

    def __init__(self, county: County, hosts: list[Host]) -> None:
        self.county, (self.one, self.two, self.three) = county, hosts
        self.browser = Browser()
        self.office = Office(county.operator, county.users["inspectorate"], county.towns)
        self.survey = Survey()
        self.slips: Iterator[PrintedSlip] = iter(())
        self.cast = 0

    # --- Preparing, sessions, limits ---------------------------------------------------------------------

    def both_prepare_at_once(self) -> None:
        for host in (self.one, self.two):
            host.start("prepare", "-m", "config.preparation")
        assert [host.parts.pop("prepare").wait() for host in (self.one, self.two)] == [0, 0]
        for host in (self.one, self.two):
            host.start_web()
            host.start_beat()
        self.two.start_worker()
        self.began = monotonic()

    def a_session_of_one_host_holds_on_the_other(self) -> None:
        assert self.browser.sign_in(self.one, self.county.operator.username).status_code == 200
        for host in (self.two, self.one):
            answer = self.browser.get(host, "/office/")
            assert (answer.status_code, answer.url.endswith("/office/")) == (200, True)

    def searches_through_both_count_together(self) -> None:
        def search(host: Host) -> int:
            return Browser().get(host, "/search/?q=a").status_code

        asked = [search(host) for host in [self.one, self.two] * 3]
        if asked != [200, 200, 200, 200, 429, 429]:  # a minute ended in between: the next one, whole
            assert 429 not in asked[:4]
            eventually(lambda: search(self.one) == 429 and search(self.two) == 429, patience=MINUTE)
            eventually(lambda: search(self.one) == 200, patience=2 * MINUTE)
            assert [search(host) for host in [self.two, self.one, self.two, self.two]] == [200, 200, 200, 429]

    # --- The vote ----------------------------------------------------------------------------------------

    def open_a_survey(self) -> None:
        self.survey = self.office.freeze(self.office.planned({0: {"private": 20}}, "乙评价"))
        self.slips = iter(self.office.print_all(self.survey)["private"])
        self.office.open(self.survey)

    def voter(self, host: Host) -> Voter:
        return Voter(self.survey, next(self.slips), Phone(host))  # type: ignore[arg-type]

    def a_vote_through_the_first_host(self) -> None:
        self.open_a_survey()
        assert self.voter(self.one).vote().status_code == 200
        self.cast += 1

    def a_vote_through_the_second_host(self) -> None:
        assert self.voter(self.two).vote().status_code == 200
        self.cast += 1

    def a_slip_redeemed_on_one_host_is_cast_on_the_other(self) -> None:
        voter = self.voter(self.one)
        assert voter.redeem().status_code == 200
        voter.client = Phone(self.two)  # type: ignore[assignment]
        assert [voter.cast().status_code for _ in range(2)] == [200, 200], "again: the same answer"
        self.cast += 1

    def a_host_is_lost_and_one_added_while_people_vote(self) -> None:
        under_way = self.voter(self.one)
        assert under_way.redeem().status_code == 200
        self.one.kill("web")
        assert self.voter(self.two).vote().status_code == 200
        under_way.client = Phone(self.two)  # type: ignore[assignment]
        assert under_way.cast().status_code == 200
        copytree(self.two.folder / "static", self.three.folder / "static")  # as an image has them
        self.three.start_web()
        assert self.voter(self.three).vote().status_code == 200
        self.cast += 3
        self.lost, self.one = self.one, self.three

    def close_on_the_other_host(self) -> None:
        kept = keyring.folder(self.survey.public_id)
        assert list(kept.glob("issuer-*"))
        code = (
            "from surveys import services; from surveys.models import Survey; from office.models import User;"
            f"services.close_survey(survey=Survey.objects.get(pk={self.survey.pk}),"
            f"acting_user=User.objects.get(pk={self.office.operator.pk}))"
        )
        late = self.voter(self.one)
        self.two.run("manage.py", "shell", "-v", "0", "-c", code)
        assert not list(kept.glob("issuer-*"))
        assert late.redeem().status_code != 200, "the first host has no key any more either"
        self.jobs_are_done()
        counted = self.office.tally(Survey.objects.get(pk=self.survey.pk))
        assert sum(counted.controls["ballots"].values()) == self.cast

    def the_list_of_receipts_and_the_public_bundle_on_both(self) -> None:
        found = self.on_both(f"/b/{self.survey.public_id}/trackers.json")
        assert found.count(b'"') >= 2 * self.cast
        assert self.on_both(f"/b/{self.county.survey.public_id}/public.zip").startswith(b"PK")

    # --- Files -------------------------------------------------------------------------------------------

    def on_both(self, path: str) -> bytes:
        answers = [self.browser.get(host, path) for host in (self.one, self.two)]
        assert [answer.status_code for answer in answers] == [200, 200], path
        assert answers[0].content == answers[1].content, path
        return answers[0].content

    def jobs_are_done(self) -> None:
        under_way = Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])
        eventually(lambda: not under_way.exists(), patience=MINUTE)
        assert not Job.objects.filter(state=Job.State.FAILED).exists(), list(
            Job.objects.values("kind", "message")
        )

    def published_pages_and_pdfs_on_both(self) -> None:
        publication = Publication.objects.get()
        for name in publication.manifest:
            content = self.on_both(f"/results/{publication.pk}/{name}")
            if name.endswith(".pdf"):
                assert sha256(content).hexdigest() == publication.manifest[name]["sha256"]

    def a_photo_on_the_other_host(self) -> None:
        person = StaffMember.objects.order_by("pk").first()
        assert person
        file = SimpleUploadedFile(
            "a.zip", archive({f"{person.department.name}_{person.name}.jpg": picture()})
        )
        page = self.browser.post(self.one, PHOTOS, {"file": file, "option": "本人同意书"})
        self.import_on_the_other(PHOTOS, page.text)
        eventually(lambda: StaffMember.objects.get(pk=person.pk).photo, patience=MINUTE)
        assert self.on_both(f"/office/photos/{person.pk}.jpg")

    def import_on_the_other(self, path: str, page: str) -> None:
        """What the first has taken in is previewed, at once or by a job, and imported by the second."""

        def digest() -> str:
            previewed = self.browser.get(self.two, path).text if "<progress" in page else page
            found = re.search(r'name="digest"[^>]*value="(\w+)"', previewed)
            return found[1] if found else ""

        found = eventually(digest, patience=MINUTE)
        assert self.browser.post(self.two, path, {"digest": found}).status_code == 200

    def a_long_import_by_the_other_worker(self) -> None:
        town = Town.objects.order_by("pk").first()
        assert town
        rows = (
            ["一店", GOOD[0], "个体户", town.name, "某甲", "1"],
            ["二公司", GOOD[1], "民企", town.name, "某乙", "2"],
        )
        page = self.browser.post(self.one, ENTITIES, {"file": uploaded(library(*rows))})
        self.import_on_the_other(ENTITIES, page.text)
        eventually(lambda: MarketEntity.objects.count() == 2, patience=MINUTE)

    def a_long_list_by_the_other_worker(self) -> None:
        self.browser.get(self.one, "/office/surveys/marketentity/export/")
        self.jobs_are_done()
        job = Job.objects.filter(kind="office.export_list").latest("pk")
        assert self.on_both(f"/office/exports/{job.pk}.xlsx").startswith(b"PK")

    def a_long_pdf_by_the_other_worker(self) -> None:
        html = "<html><body><p>一</p></body></html>"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(documents, "IN_REQUEST", 0)
            documents.hand_out(html, name="纸", acting_user=User.objects.get(pk=self.county.operator.pk))
        self.jobs_are_done()
        job = Job.objects.filter(kind=documents.KIND).latest("pk")
        assert self.on_both(f"/office/exports/{job.pk}.pdf").startswith(b"%PDF")

    def a_backup_of_the_other_host_is_whole(self) -> None:
        file = self.two.folder / "backup.zip"
        self.two.run("manage.py", "backup", str(file))
        names = zipfile.ZipFile(file).namelist()
        for folder in ("media/", "published/", "bundles/"):
            assert any(name.startswith(folder) for name in names), folder

    # --- Jobs and the clock ------------------------------------------------------------------------------

    def a_worker_is_lost_while_a_publication_renders(self) -> None:
        """The second worker takes it up; whoever reads meanwhile reads the version that is online."""
        self.two.kill("worker")
        publication = Publication.objects.get()
        with transaction.atomic():
            job = jobs.enqueue("publication.render", {"publication": publication.pk}, acting_user=None)
        at_work = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, done__gt=0)
        eventually(at_work.exists, patience=MINUTE)
        self.one.kill("worker")
        self.on_both(f"/results/{publication.pk}/")
        self.two.start_worker()
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now())  # a minute goes by
        jobs.sweep()
        self.jobs_are_done()
        assert Job.objects.get(pk=job.pk).attempts == 2
        self.on_both(f"/results/{publication.pk}/")

    def a_job_sent_to_both_workers_runs_once(self) -> None:
        self.one.start_worker()
        job = Job.objects.create(kind="audit.verify")
        for _ in range(20):
            jobs.send(job.pk)
        self.jobs_are_done()
        assert Job.objects.get(pk=job.pk).attempts == 1

    def two_beats_send_as_one(self) -> None:
        """And the second goes on when the first is gone."""
        with Redis.from_url(settings.REDIS_URL) as redis:

            def sweeps() -> int:
                return sum(jobs.SWEEP.encode() in message for message in redis.lrange("timed", 0, -1))

            before = eventually(sweeps)
            assert before <= (monotonic() - self.began) / 15 + 1
            self.lost.kill("beat")
            eventually(lambda: sweeps() > before, patience=MINUTE)


ROWS = (
    Walk.both_prepare_at_once,
    Walk.a_session_of_one_host_holds_on_the_other,
    Walk.searches_through_both_count_together,
    Walk.a_vote_through_the_first_host,
    Walk.a_vote_through_the_second_host,
    Walk.a_slip_redeemed_on_one_host_is_cast_on_the_other,
    Walk.a_host_is_lost_and_one_added_while_people_vote,
    Walk.published_pages_and_pdfs_on_both,
    Walk.a_photo_on_the_other_host,
    Walk.a_long_import_by_the_other_worker,
    Walk.a_long_list_by_the_other_worker,
    Walk.a_long_pdf_by_the_other_worker,
    Walk.close_on_the_other_host,
    Walk.the_list_of_receipts_and_the_public_bundle_on_both,
    Walk.a_backup_of_the_other_host_is_whole,
    Walk.a_job_sent_to_both_workers_runs_once,
    Walk.a_worker_is_lost_while_a_publication_renders,
    Walk.two_beats_send_as_one,
)


def test_two_hosts_hold_every_row_of_the_table(county: County, hosts: list[Host]) -> None:
    walk, failed = Walk(county, hosts), []
    for row in ROWS:
        began = monotonic()
        try:
            row(walk)
        except Exception as fault:  # noqa: BLE001 - all rows are told, not the first that fails
            failed.append(f"{row.__name__}: {type(fault).__name__} {str(fault)[:1500]}")
        print(f"{row.__name__}: {monotonic() - began:.1f} s")
    assert not failed, "\n".join([f"{len(ROWS) - len(failed)} of {len(ROWS)}", *failed])
