"""Answers that are ready: readers get the same bytes, and never what is no longer published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from departments.models import StaffMember
from disclosure.models import Publication
from disclosure.results import services as disclosure
from disclosure.site.ready import ReadyAnswers
from evaluations import services
from tests.disclosure.states import published
from tests.evaluations.county import County, fresh
from tests.kit.publishing import PUBLISHED, publish, run_waiting_jobs

pytestmark = pytest.mark.django_db


def published_by(county: County) -> Publication:
    return Publication.objects.get(round=county.round)


def person_page(publication: Publication) -> str:
    return next(name for name in publication.manifest if name.endswith("-persons.html"))


def test_a_published_file_is_given_again_as_it_was_given_first() -> None:
    """Bytes and headers; asked for with its mark it is not sent again."""
    publication = published_by(published("all"))
    reader = Client()
    for file in ("index.html", "method.html", "site.css", "results.xlsx", "results.json"):
        path = f"/results/{publication.pk}/{file}"
        first, again = reader.get(path), reader.get(path)
        assert first.headers.pop("X-Request-ID") != again.headers.pop("X-Request-ID"), "each asked for itself"
        assert again.content == first.content, file
        assert dict(again.items()) == dict(first.items()), file
        known = reader.get(path, headers={"if-none-match": first.headers["ETag"]})
        assert (known.status_code, known.content) == (304, b""), file
        assert known.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
        assert reader.head(path).headers["ETag"] == first.headers["ETag"]


def test_files_that_name_persons_are_never_kept() -> None:
    publication = published_by(published("all"))
    reader = Client()
    paths = [f"/results/{publication.pk}/{person_page(publication)}"]
    paths.append(paths[0].replace("-persons.html", ".pdf"))
    assert [reader.get(path).status_code for path in paths] == [200, 200]
    StaffMember.objects.filter(name="甲科员一").update(is_shown=False)
    for path in paths:
        answer = reader.get(path)
        assert answer.status_code == 503
        assert "甲科员一" not in answer.content.decode()


def test_a_reader_who_has_read_a_page_reads_its_correction_next() -> None:
    county = published("all")
    publication = published_by(county)
    reader = Client()
    path = f"/results/{publication.pk}/index.html"
    before = reader.get(path).content.decode()
    disclosure.renew_publication(publication=publication, acting_user=None, why="更正一处错字。")
    assert reader.get(path).content.decode() == before, "until all files are made anew"
    run_waiting_jobs()
    assert "更正一处错字" not in before
    assert "更正一处错字" in reader.get(path).content.decode()


def test_the_home_page_shows_a_new_publication_at_once(settings: Settings) -> None:
    settings.READY_HOME_SECONDS = 3600.0
    county = published("all")
    old = published_by(county)
    reader = Client()
    assert f"/results/{old.pk}/" in reader.get("/").content.decode()
    services.begin_correction(
        round=county.round, reason="名单有误", decision="示政办〔2026〕12号", acting_user=county.operator
    )
    services.compute_round(
        round=fresh(county.round), now=PUBLISHED, reason="名单有误", acting_user=county.reviewer
    )
    services.sign_off_round(round=fresh(county.round), now=PUBLISHED, acting_user=county.leader)
    round_ = county.end_appeals(county.serve(fresh(county.round)))
    new = publish(round_, county, now=PUBLISHED + timedelta(days=20))
    text = reader.get("/").content.decode()
    assert f"/results/{new.pk}/" in text
    assert f"/results/{old.pk}/" not in text


def test_what_asks_for_more_than_a_page_is_answered_each_time(settings: Settings) -> None:
    """An address with a question, a post, a page that is not there, the office."""
    settings.READY_HOME_SECONDS = 3600.0
    publication = published_by(published("all"))
    reader = Client()
    assert reader.get("/").status_code == 200
    assert reader.post("/").status_code == 405
    assert reader.get("/results/999/index.html").status_code == 404
    path = f"/results/{publication.pk}/index.html"
    assert reader.get(path, {"from": "wechat"}).status_code == 200
    assert reader.post(path).status_code == 405
    assert reader.get("/office/").status_code == 302


class Home:
    """A home page of which each answer has a number, behind the middleware under test."""

    def __init__(self) -> None:
        self.made = 0
        self.fails = False
        self.before_answering: Callable[[], None] = lambda: None
        self.ready = ReadyAnswers(self)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.before_answering()
        if self.fails:
            raise RuntimeError
        self.made += 1
        name, kwargs = ("home", {}) if request.path == "/" else ("published", {"file": "index.html"})
        request.resolver_match = type("Match", (), {"url_name": name, "kwargs": kwargs})()
        return HttpResponse(str(self.made))

    def ask(self, path: str = "/", method: str = "GET") -> str:
        answer = self.ready(RequestFactory().generic(method, path))
        assert isinstance(answer, HttpResponse)
        return answer.content.decode()

    def let_it_age(self) -> None:
        for one in self.ready.kept.values():
            one.until = 0.0


@pytest.fixture
def home(settings: Settings) -> Home:
    settings.READY_HOME_SECONDS = 3600.0
    return Home()


@pytest.mark.usefixtures("db")
def test_an_old_home_page_is_made_anew_by_the_next_reader(home: Home) -> None:
    assert [home.ask(), home.ask()] == ["1", "1"]
    home.let_it_age()
    assert [home.ask(), home.ask()] == ["2", "2"]


@pytest.mark.usefixtures("db")
def test_a_look_at_the_head_alone_does_not_hold_an_old_home_page(home: Home) -> None:
    """A watcher asks with HEAD, every minute, for ever."""
    home.ask()
    home.let_it_age()
    home.ask(method="HEAD")
    assert home.ask() == "2"


@pytest.mark.usefixtures("db")
def test_a_failure_does_not_hold_an_old_home_page(home: Home) -> None:
    home.ask()
    home.let_it_age()
    home.fails = True
    with pytest.raises(RuntimeError):
        home.ask()
    home.fails = False
    assert home.ask() == "2"


def test_an_answer_begun_before_a_publication_and_ended_after_it_is_not_kept(home: Home) -> None:
    publication = published_by(published("all"))
    path = f"/results/{publication.pk}/index.html"

    def published_meanwhile() -> None:
        home.before_answering = lambda: None
        Publication.objects.update(directory="1/other")
        home.ask("/")  # another reader's request sees that something was published

    home.before_answering = published_meanwhile
    first = home.ask(path)
    assert home.ask(path) != first


def test_whatever_host_or_question_asks_gets_the_one_answer_kept(home: Home) -> None:
    """WeChat adds a question to every address; a stranger may write any port."""
    assert [home.ask("/results/1/index.html?from=singlemessage"), home.ask("/results/1/index.html")] == [
        "1",
        "1",
    ]
    for port in range(1, 50):
        home.ready(RequestFactory().get("/results/1/index.html", HTTP_HOST=f"testserver:{port}"))
    assert (home.made, len(home.ready.kept)) == (1, 1)
