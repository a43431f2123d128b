"""亮评价结果 (YC-R3): publishing a round, and what readers then find."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote

import pypdf
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from departments.models import Department, Section, StaffMember, Town
from disclosure.models import Publication
from disclosure.results import services as disclosure
from disclosure.results.jobs import render_publication
from disclosure.tasks import renew_publications
from evaluations import services
from evaluations.models import Result, Round
from evaluations.results import recompute as judgement
from evaluations.schemes.stored import policy_of
from office.errors import Refused
from office.models import AuditEntry, Job
from tests.disclosure.states import published, ready
from tests.evaluations.county import SERVED, County, fresh, ordinary_ballots
from tests.evaluations.states import county_at
from tests.evaluations.unit_rounds import jilin, through_appeals
from tests.kit.publishing import PUBLISHED, publish, run_waiting_jobs, varied_ballots
from tests.reports.papers_read import said_in
from tests.walk.addresses import Page
from tests.walk.checks import Answer, offences

pytestmark = pytest.mark.django_db

State = Round.State


def get(path: str, **headers: str) -> Any:
    """What a reader without an account gets."""
    return Client().get(path, headers=headers)


def read(publication: Publication, file: str) -> str:
    """A published page as text."""
    answer = get(f"/results/{publication.pk}/{file}")
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def published_by(county: County) -> Publication:
    return Publication.objects.select_related("result", "round").get(round=county.round)


def first(publication: Publication) -> str:
    """The id of the first department of the round."""
    row = publication.round.departments.order_by("order")[0]
    return f"d{row.department_id}"


def second(publication: Publication) -> str:
    row = publication.round.departments.order_by("order")[1]
    return f"d{row.department_id}"


@pytest.mark.parametrize(
    "state", [State.DRAFT, State.CLOSED, State.COMPUTED, State.SIGNED_OFF, State.SERVED, State.PUBLISHED]
)
def test_publishing_is_refused_at_every_other_step(county: County, state: str) -> None:
    """YC-R3 (reading 10): after sign-off, service and appeals, and once only."""
    round_ = county.create()
    Round.objects.filter(pk=round_.pk).update(state=state)
    with pytest.raises(Refused, match="不能公布结果，未作任何更改"):
        disclosure.publish_results(round=fresh(round_), acting_user=county.operator, now=PUBLISHED)
    assert not Publication.objects.exists()
    assert not Job.objects.exists()


def test_publishing_within_the_appeal_days_needs_the_decision_that_allows_it() -> None:
    """YC-R3 (reading 10)"""
    county = county_at("served")
    round_ = county.round
    with pytest.raises(Refused, match="申诉期"):
        services.end_appeals(round=round_, today=SERVED, acting_user=county.operator)
    services.end_appeals(
        round=round_, today=SERVED, acting_user=county.operator, waiver_decision="示政办〔2026〕9号"
    )
    publish(round_, county)
    assert fresh(round_).state == State.PUBLISHED


def test_only_the_centre_publishes() -> None:
    county = ready()
    for role in ("leading_group", "department_officer", "inspectorate", "administrator"):
        with pytest.raises(Refused, match="没有这项操作的权限"):
            disclosure.publish_results(round=county.round, acting_user=county.users[role], now=PUBLISHED)
    assert not Publication.objects.exists()


def test_before_publication_there_is_a_page_that_says_what_will_be_here(db: None) -> None:
    answer = get("/results/")
    assert answer.status_code == 200
    assert "还没有公布的评价结果" in answer.content.decode()


def test_readers_find_grades_scores_and_where_they_come_from(subtests: pytest.Subtests) -> None:
    """YC-R3"""
    publication = published_by(published("all"))
    with subtests.test("index, departments, persons and method"):
        answer = get("/results/")
        assert answer.headers["Location"] == f"/results/{publication.pk}/index.html"
        index = read(publication, "index.html")
        for word in ("县甲局", "县乙局", "只公布等次", "名次", "满意"):
            assert word in index
        page = read(publication, f"{first(publication)}.html")
        for word in ("县甲局", "得分怎样得来", "条款 六", "怎样计分", "优秀"):
            assert word in page
        assert "甲科长" not in page
        assert "甲科长" in read(publication, f"{first(publication)}-persons.html")
        method = read(publication, "method.html")
        assert "怎样计分" in method
        numbers = [one.id for one in policy_of(publication.result.scheme_version).readings]
        assert re.findall(r'<li value="(\d+)">', method) == numbers, "numbered as in the office"
    with subtests.test(
        "no counts and no exact values: inside stand 10 answers and 93.33, outside a band and a grade"
    ):
        page = read(publication, f"{first(publication)}.html") + read(
            publication, f"{first(publication)}-persons.html"
        )
        assert publication.result.outcome["subjects"][first(publication)]["score"] == "93.33"
        assert "93.33" not in page
        assert "×" not in page
        assert "÷" not in page
    with subtests.test("how many answers and how many ballots, both as bands"):
        assert re.search(
            r"<dt>选票</dt><dd>\S+<span class=\"unit\">张</span>",
            read(publication, f"{second(publication)}.html"),
        )
        assert "选票（张）" in text_of(get(f"/results/{publication.pk}/{second(publication)}.pdf").content)
    with subtests.test("an address without its end leads to the page"):
        for typed, page in (("", "index.html"), ("index", "index.html"), ("method", "method.html")):
            answer = get(f"/results/{publication.pk}/{typed}")
            assert (answer.status_code, answer.headers["Location"]) == (
                302,
                f"/results/{publication.pk}/{page}",
            )
        without = get(f"/results/{publication.pk}")
        assert (without.status_code, without.headers["Location"]) == (301, f"/results/{publication.pk}/")
        assert get(f"/results/{publication.pk}/no-such-page").status_code == 404
        assert get("/results/99/").status_code == 404
    with subtests.test("pages of persons ask not to be indexed"):
        for file in (f"{first(publication)}-persons.html", f"{first(publication)}.pdf"):
            answer = get(f"/results/{publication.pk}/{file}")
            assert "noindex" in answer.headers["X-Robots-Tag"]
            assert answer.headers["Cache-Control"] == "no-cache"
        assert "noindex" in read(publication, f"{first(publication)}-persons.html")


def test_readers_find_no_low_grade_beside_a_name_and_no_file_beside_the_publication(
    subtests: pytest.Subtests,
) -> None:
    """YC-R3 (readings 10 and 11)"""
    county = published()
    publication, round_ = published_by(county), county.round
    with subtests.test("a second publication of the same result"):
        with pytest.raises(Refused, match="已公布"):
            disclosure.publish_results(round=fresh(round_), acting_user=county.operator, now=PUBLISHED)
        assert Publication.objects.count() == 1
    with subtests.test("publishing is audited"):
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
        assert {"公布评价结果", "公示页面上线"} <= verbs
    with subtests.test("under top_grades no lower grade beside a name"):
        second = f"d{publication.round.departments.order_by('order')[1].department_id}"
        text = read(publication, f"{second}-persons.html")
        assert "的结果已送达本人或样本不足" in text
        for word in ("合格", "一般"):
            assert f'class="grade">{word}' not in text
    with subtests.test("a page that is known is not sent again"):
        path = f"/results/{publication.pk}/index.html"
        answer = get(path)
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        again = get(path, if_none_match=answer.headers["ETag"])
        assert again.status_code == 304
        assert again.content == b""
        assert get(path, if_none_match='"another"').status_code == 200
    with subtests.test("no path leads out of the publication"):
        (django_settings.PUBLISHED_ROOT / "secret-key").write_text("secret")
        (django_settings.PUBLISHED_ROOT / publication.directory / "stray.html").write_text("secret")
        up = ("../../secret-key", "..%2f..%2fsecret-key", "%2e%2e/%2e%2e/secret-key", "%2e%2e%2fsecret-key")
        for path in (*up, "stray.html", "nothing.html", ".", "..", "index.html/"):
            assert get(f"/results/{publication.pk}/{path}").status_code == 404, path
        assert get(f"/results/{publication.pk}/index.html%00").status_code == 400
        assert get("/results/999/index.html").status_code == 404


def test_pages_keep_the_content_policy_and_no_text_becomes_a_script(county: County) -> None:
    """Whatever officials wrote into names, posts and titles: pages of the publication and the board."""
    attack = "<b onx=1><svg onload=x>"
    for rows, field in (
        (Department.objects.all(), "name"),
        (Section.objects.filter(is_leadership=False), "name"),
        (StaffMember.objects.all(), "name"),
        (StaffMember.objects.all(), "post"),
        (Town.objects.all(), "name"),
    ):
        rows.update(**{field: Concat(field, Value(attack))})
    votes = [*ordinary_ballots(), *varied_ballots()]
    ballots = [{f"{name}{attack}": answer for name, answer in vote.items()} for vote in votes]
    served = county.served(persons_public="all", title=f"2026{attack}", ballots=ballots)
    publication = publish(county.end_appeals(served), county)
    files = [f"/results/{publication.pk}/{name}" for name in publication.manifest if name.endswith(".html")]
    survey = fresh(served).survey
    assert survey is not None
    for url in (*files, f"/b/{survey.public_id}/"):
        answer = get(url)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        text = answer.content.decode()
        assert offences(text) == [], url
        assert "&lt;b onx=1&gt;&lt;svg" in text, url


def test_under_none_there_are_no_pages_of_persons() -> None:
    """YC-R3 (reading 11)"""
    publication = published_by(published("none"))
    assert not any("persons" in name for name in publication.manifest)
    assert "甲科长" not in read(publication, "index.html") + read(publication, f"{first(publication)}.html")


@pytest.mark.both_databases
def test_nothing_is_reachable_before_the_files_are_complete() -> None:
    county = ready()
    publication = disclosure.publish_results(round=county.round, acting_user=county.operator, now=PUBLISHED)
    assert get(f"/results/{publication.pk}/index.html").status_code == 404
    assert "还没有公布的评价结果" in get("/results/").content.decode()


class PowerFailureError(Exception):
    """The worker is gone."""


@pytest.mark.both_databases
def test_a_job_that_was_killed_in_the_middle_gives_the_same_when_run_again(
    forget_papers: Callable[[], None],
) -> None:
    county = ready()
    publication = disclosure.publish_results(round=county.round, acting_user=county.operator, now=PUBLISHED)
    job = Job.objects.get(kind="publication.render")

    class Killed:
        job_id = job.pk

        def __call__(self, done: int, total: int, message: str = "") -> None:
            if done == 1:
                raise PowerFailureError

    with pytest.raises(PowerFailureError):
        render_publication(job.arguments, Killed())  # type: ignore[arg-type]
    assert get(f"/results/{publication.pk}/index.html").status_code == 404
    run_waiting_jobs()
    publication.refresh_from_db()
    once = (publication.directory, publication.manifest)
    forget_papers()
    disclosure.renew_publication(publication=publication, acting_user=None)
    run_waiting_jobs()
    publication.refresh_from_db()
    assert (publication.directory, publication.manifest) == once
    folder = django_settings.PUBLISHED_ROOT / str(publication.pk)
    assert [path.name for path in folder.iterdir()] == [publication.directory.split("/")[1]]


@pytest.mark.both_databases
def test_two_renderings_at_once_both_end_well() -> None:
    """The one started second ends while the first is in the middle: same files, same place."""
    county = ready()
    publication = disclosure.publish_results(round=county.round, acting_user=county.operator, now=PUBLISHED)
    first_job = Job.objects.get(kind="publication.render")
    disclosure.renew_publication(publication=publication, acting_user=None)

    class Overtaken:
        job_id = first_job.pk

        def __call__(self, done: int, total: int, message: str = "") -> None:
            if done == 1:
                run_waiting_jobs()

    Job.objects.filter(pk=first_job.pk).update(state=Job.State.RUNNING)
    ended = render_publication(first_job.arguments, Overtaken())  # type: ignore[arg-type]
    publication.refresh_from_db()
    assert ended["directory"] == publication.directory
    for file in publication.manifest:
        assert get(f"/results/{publication.pk}/{file}").status_code == 200


@pytest.mark.both_databases
def test_a_rendering_that_keeps_failing_is_tried_once_an_hour() -> None:
    publication = published_by(published("all"))
    StaffMember.objects.filter(name="甲科员一").update(is_shown=False)
    renew_publications()
    failed = Job.objects.filter(state=Job.State.QUEUED)
    failed.update(state=Job.State.FAILED, finished_at=timezone.now())
    renew_publications()
    assert not Job.objects.filter(state=Job.State.QUEUED).exists()
    Job.objects.filter(state=Job.State.FAILED).update(finished_at=timezone.now() - timedelta(hours=2))
    renew_publications()
    assert Job.objects.filter(state=Job.State.QUEUED).count() == 1
    assert publication.pk


def test_persons_are_withdrawn_when_the_next_round_is_published() -> None:
    county = published("all")
    old = published_by(county)
    page = f"/results/{old.pk}/{first(old)}-persons.html"
    assert get(page).status_code == 200
    client = Client()
    client.force_login(county.operator)
    sheet = f"/office/published/{old.round_id}/{first(old).lstrip('d')}.docx"
    assert "甲科长" in said_in(b"".join(client.get(sheet)))
    next_round = county.served(title="2026年第四季度评价", period="2026-Q4", base_date=date(2026, 9, 2))
    publish(county.end_appeals(next_round), county, now=PUBLISHED + timedelta(days=90))
    assert get(page).status_code == 410
    old.refresh_from_db()
    assert "县甲局" in read(old, f"{first(old)}.html")
    pdf = get(f"/results/{old.pk}/{first(old)}.pdf").content
    assert "甲科长" not in text_of(pdf)
    assert "甲科长" not in said_in(b"".join(client.get(sheet)))
    assert Client().get(sheet).status_code == 302, "behind the login"
    assert get("/results/all/").content.decode().count("季度评价") == 2


ABOUT, GONE = "本轮公布全部参评人员的评价结果。", "本轮的人员成绩已按规定撤下。"
NEXT = "下一轮结果已经公布，人员成绩按规定撤下，单位的结果未作更改。"


def everywhere(publication: Publication) -> list[str]:
    """The pages that say of which persons results are published, and a sheet."""
    found = [read(publication, file) for file in ("index.html", "method.html")]
    return [*found, text_of(get(f"/results/{publication.pk}/{first(publication)}.pdf").content)]


def units_of(publication: Publication) -> dict[str, list[str]]:
    files = ["index.html", *(name for name in publication.manifest if re.fullmatch(r"d\d+\.html", name))]
    return {file: figures_in(read(publication, file)) for file in files}


def test_a_round_of_another_scheme_takes_nobody_down() -> None:
    """YC-R3: persons are shown until the next round of their own scheme."""
    county = published("all")
    old = published_by(county)
    before, page = units_of(old), f"/results/{old.pk}/{first(old)}-persons.html"
    publish(through_appeals(county, jilin(county)), county, now=PUBLISHED + timedelta(days=30))
    disclosure.renew_publication(publication=old, acting_user=None)
    run_waiting_jobs()
    old.refresh_from_db()
    assert get(page).status_code == 200
    assert units_of(old) == before
    assert old.notes == []
    assert all(ABOUT in re.sub(r"\s", "", text) for text in everywhere(old))


def test_no_page_announces_persons_who_were_taken_down() -> None:
    county = published("all")
    old = published_by(county)
    before = units_of(old)
    assert all(ABOUT in re.sub(r"\s", "", text) for text in everywhere(old))
    next_round = county.served(title="2026年第四季度评价", period="2026-Q4", base_date=date(2026, 9, 2))
    publish(county.end_appeals(next_round), county, now=PUBLISHED + timedelta(days=90))
    old.refresh_from_db()
    assert units_of(old) == before
    for text in everywhere(old):
        assert ABOUT not in re.sub(r"\s", "", text)
        assert GONE in re.sub(r"\s", "", text)


@pytest.mark.parametrize("is_rendered", [True, False])
def test_persons_never_go_without_a_dated_note(*, is_rendered: bool) -> None:
    """Rendered late, or for somebody taken down while the next round is being rendered."""
    county = ready("all")
    old = disclosure.publish_results(round=fresh(county.round), acting_user=county.operator, now=PUBLISHED)
    if is_rendered:
        run_waiting_jobs()
    following = county.served(title="2026年第四季度评价", period="2026-Q4", base_date=date(2026, 9, 2))
    disclosure.publish_results(
        round=county.end_appeals(following), acting_user=county.operator, now=PUBLISHED + timedelta(days=90)
    )
    if is_rendered:
        Job.objects.filter(state=Job.State.QUEUED).delete()
        StaffMember.objects.filter(name="甲科员一").update(is_shown=False)
        renew_publications()
    run_waiting_jobs()
    old.refresh_from_db()
    assert not old.names_persons()
    notes = [one for one in old.notes if one["text"] == NEXT]
    assert [one["on"] for one in notes] == [timezone.localdate().isoformat()]
    disclosure.renew_publication(publication=old, acting_user=None)
    run_waiting_jobs()
    old.refresh_from_db()
    assert [one["text"] for one in old.notes].count(NEXT) == 1
    assert NEXT in read(old, "index.html")


@pytest.mark.both_databases
def test_a_correction_is_the_next_number_and_what_it_corrects_stays(subtests: pytest.Subtests) -> None:
    """YC-R3: numbered, with its reason; a figure that one voter changed is not shown as a new number."""
    county = published("all")
    old = published_by(county)
    second = f"d{old.round.departments.order_by('order')[1].department_id}"
    before = {file: read(old, file) for file in ("index.html", f"{second}.html", f"{second}-persons.html")}
    assert '<td role="cell" class="num score">' in before[f"{second}-persons.html"]
    corrected = corrected_by_one_voter(old, second)
    Round.objects.filter(pk=old.round_id).update(
        state=State.APPEALS_ENDED, correction_reason="录入更正", correction_decision="示政办〔2026〕12号"
    )
    new = publish(old.round, county, now=PUBLISHED + timedelta(days=9))
    with subtests.test("the correction"):
        assert (new.number, new.result_id) == (2, corrected.pk)
        assert get("/results/").headers["Location"] == f"/results/{new.pk}/index.html"
        assert "第2次公布，更正原因：录入更正，批准文号：示政办〔2026〕12号" in read(new, "index.html")
        row = read(new, f"{second}-persons.html").partition(">乙科员一<")[2].partition("</tr>")[0]
        assert '<span class="why">只公布等次</span>' in row
        assert "人次" not in row
    with subtests.test("the corrected publication keeps its figures, says what corrects it, names nobody"):
        for file in ("index.html", f"{second}.html"):
            page = read(old, file)
            assert "第2次公布更正。更正原因：录入更正" in page
            assert figures_in(page) == figures_in(before[file])
        assert get(f"/results/{old.pk}/{second}-persons.html").status_code == 410
        assert "乙科员一" not in text_of(get(f"/results/{old.pk}/{second}.pdf").content)
    with subtests.test("both stand in the archive"):
        archive = get("/results/all/").content.decode()
        assert "第2次公布" in archive
        assert "第1次公布" in archive
        assert "已更正" in archive
    with subtests.test("a round that is corrected later does not become the newest"):
        assert fresh(old.round).published_at == PUBLISHED
        assert not fresh(old.round).is_being_corrected


def figures_in(page: str) -> list[str]:
    """Every cell and every term of a page, as written, but for days: publication comes after the preview."""
    found = re.findall(r"<(?:td|dd)[^>]*>.*?</(?:td|dd)>", page, re.DOTALL)
    return [one for one in found if "年" not in one]


def test_a_published_result_is_corrected_step_by_step(subtests: pytest.Subtests) -> None:
    """YC-R3: with reason and document number, the list first, and never by one person alone."""
    county = published("all")
    round_, old = county.round, published_by(county)
    with pytest.raises(Refused, match="已公布"):
        county.compute(round_, reason="名单有误")
    with pytest.raises(Refused, match="已公布"):
        county.withdraw(round_, "甲科员二", "名单有误")
    for reason, decision in (("", "示政办〔2026〕12号"), ("名单有误", " ")):
        with pytest.raises(Refused, match="原因和批准文号"):
            county_corrects(county, reason, decision)
    county_corrects(county, "名单有误", "示政办〔2026〕12号")
    with pytest.raises(Refused, match="已经开始"):
        county_corrects(county, "名单有误", "示政办〔2026〕12号")
    county.withdraw(round_, "甲科员二", "已调离")
    assert fresh(round_).state == State.PUBLISHED, "what is published stands"
    services.compute_round(round=round_, now=PUBLISHED, reason="名单有误", acting_user=county.reviewer)
    with pytest.raises(Refused, match="计算人不能审定"):
        services.sign_off_round(round=round_, now=PUBLISHED, acting_user=county.reviewer)
    services.sign_off_round(round=round_, now=PUBLISHED, acting_user=county.leader)
    round_ = county.end_appeals(county.serve(round_))
    assert get("/results/").headers["Location"] == f"/results/{old.pk}/index.html"
    new = publish(round_, county, now=PUBLISHED + timedelta(days=20))
    assert (new.number, new.decision) == (2, "示政办〔2026〕12号")
    assert "甲科员二" not in read(new, f"{first(new)}-persons.html")
    assert fresh(round_).published_at == PUBLISHED


def test_the_preview_is_what_the_public_then_sees() -> None:
    """Page by page, before publication; those who see the result may look, and see that it is a preview."""
    county = ready("all")
    operator = Client()
    operator.force_login(county.operator)
    here = f"/office/results/{county.round.pk}/preview/"
    assert f"{here}index.html" in operator.get(f"{county.pages}do/publish/").content.decode()
    pages = [
        f"d{department.pk}{end}" for department in county.departments for end in (".html", "-persons.html")
    ]
    before = {
        file: operator.get(f"{here}{file}").content.decode() for file in ("index.html", "method.html", *pages)
    }
    back = f"{county.pages}result/"
    for file, page in before.items():
        assert "<title>预览，尚未公布 · " in page, file
        assert "<strong>预览，尚未公布</strong>" in page, file
        assert f'href="{back}"' in page, file
    sheet = operator.get(f"{here}results.pdf")
    assert "预览，尚未公布" in unquote(sheet["Content-Disposition"])
    (printed, *_) = pypdf.PdfReader(io.BytesIO(sheet.content)).pages
    assert "预览，尚未公布" in printed.extract_text()
    assert "预览，尚未公布" in unquote(operator.get(f"{here}results.csv")["Content-Disposition"])
    for role in ("leading_group", "inspectorate"):
        looker = Client()
        looker.force_login(county.users[role])
        assert looker.get(f"{here}index.html").status_code == 200
        assert f"{here}index.html" in looker.get(back).content.decode()
    assert operator.get(f"{here}results.css").status_code == 200
    assert operator.get(f"{here}../../secret.html").status_code == 404
    assert operator.get(f"{here}d0.html").status_code == 404
    officer = Client()
    officer.force_login(county.users["department_officer"])
    assert officer.get(f"{here}index.html").status_code == 403
    assert get(f"{here}index.html").status_code == 302
    publication = publish(county.round, county)
    for file, page in before.items():
        stored = read(publication, file)
        assert figures_in(page) == figures_in(stored), file
        assert "尚未公布" not in stored


def test_the_office_sees_what_a_new_computation_changed() -> None:
    county = published("all")
    county_corrects(county, "名单有误", "示政办〔2026〕12号")
    county.withdraw(county.round, "甲科员二", "已调离")
    county.compute(fresh(county.round), reason="名单有误")
    operator = Client()
    operator.force_login(county.operator)
    page = operator.get(f"{county.pages}result/").content.decode()
    table = page.partition("更正前／更正后")[2].partition("</table>")[0]
    assert "93.33" in table
    assert "100.00" in table
    assert "县乙局" not in table


def county_corrects(county: County, reason: str, decision: str) -> None:
    services.begin_correction(
        round=county.round, reason=reason, decision=decision, acting_user=county.operator
    )


def test_the_office_begins_a_correction_on_the_page_of_the_round() -> None:
    county = published("all")
    operator = Client()
    operator.force_login(county.operator)
    here = f"/office/rounds/{county.round.pk}/"
    assert "更正公布" in operator.get(here).content.decode()
    form = operator.get(f"{here}do/correct-publication/")
    data = {
        "seen_mark": form.context["seen_mark"],
        "reason": "名单有误",
        "decision": "示政办〔2026〕12号",
    }
    said = operator.post(f"{here}do/correct-publication/", data, follow=True).content.decode()
    assert "已开始更正" in said
    assert fresh(county.round).is_being_corrected
    assert "重新计算" in said


@pytest.mark.both_databases
def test_a_figure_once_published_never_changes_silently() -> None:
    """Another round, a person taken down, other rules: the figures stay; a dated note says what changed."""
    county = published("all")
    old = published_by(county)
    files = ["index.html", *(name for name in old.manifest if re.fullmatch(r"d\d+\.html", name))]
    before = {file: figures_in(read(old, file)) for file in files}
    StaffMember.objects.filter(name="甲科员一").update(is_shown=False)
    Round.objects.filter(pk=old.round_id).update(persons_public="top_grades", title="改了名的轮次")
    renew_publications()
    run_waiting_jobs()
    assert {file: figures_in(read(old, file)) for file in files} == before
    assert "按规定撤下部分人员的姓名" in read(old, "index.html")
    next_round = county.served(title="2026年第四季度评价", period="2026-Q4", base_date=date(2026, 9, 2))
    publish(county.end_appeals(next_round), county, now=PUBLISHED + timedelta(days=90))
    assert {file: figures_in(read(old, file)) for file in files} == before
    assert "下一轮结果已经公布，人员成绩按规定撤下" in read(old, "index.html")


def test_a_publication_from_before_its_content_was_stored_still_renders() -> None:
    county = published("all")
    old = published_by(county)
    before = figures_in(read(old, "index.html"))
    Publication.objects.update(shown={}, published_at=None)
    disclosure.renew_publication(publication=old, acting_user=None)
    run_waiting_jobs()
    old = published_by(county)
    assert old.shown
    assert figures_in(read(old, "index.html")) == before
    assert "首次公布时的内容没有存档" in read(old, "index.html")


def test_looking_at_the_preview_writes_nothing() -> None:
    """Over a publication whose content was not stored: it is made to compare with, and kept by no reader."""
    county = published("all")
    county_corrects(county, "名单有误", "示政办〔2026〕12号")
    county.withdraw(county.round, "甲科员二", "已调离")
    county.compute(fresh(county.round), reason="名单有误")
    Publication.objects.update(shown={}, published_at=None)
    operator = Client()
    operator.force_login(county.operator)
    operator.get("/office/account/")  # the first page of a session writes down that it began
    with CaptureQueriesContext(connection) as asked:
        page = operator.get(f"/office/results/{county.round.pk}/preview/index.html")
    assert "县甲局" in page.content.decode()
    assert Answer(None, Page("", ""), "", page, [one["sql"] for one in asked.captured_queries]).writes == []
    old = Publication.objects.get()
    assert (old.shown, old.notes) == ({}, [])


def corrected_by_one_voter(publication: Publication, subject: str) -> Result:
    """A result in which one answer about 乙科员一 differs."""
    old = publication.result
    facts = copy.deepcopy(old.facts)
    members = facts["subjects"][subject]["members"]
    (member,) = (one for one in members.values() if one["name"] == "乙科员一")
    for counts in (member["answers"], *member["answers_by_stratum"].values()):
        answers = counts["ballot"]["overall"]
        if answers["不满意"]:
            answers["不满意"] -= 1
            answers["满意"] += 1
    return Result.objects.create(
        round=old.round,
        number=2,
        replaces=old,
        reason="录入更正",
        scheme_version=old.scheme_version,
        facts=facts,
        outcome=judgement.judge(old.scheme_version, facts),
        computed_by=old.computed_by,
        computed_at=PUBLISHED,
        signed_off_by=old.signed_off_by,
        signed_off_at=PUBLISHED,
    )


def test_a_person_taken_down_is_unseen_at_once_and_gone_after_the_next_rendering() -> None:
    publication = published_by(published("all"))
    page = f"/results/{publication.pk}/{first(publication)}-persons.html"
    StaffMember.objects.filter(name="甲科员一").update(is_shown=False)
    for path in (page, f"/results/{publication.pk}/{first(publication)}.pdf"):
        answer = get(path)
        assert answer.status_code == 503
        assert "甲科员一" not in answer.content.decode()
    renew_publications()
    renew_publications()  # the next minute: one job waits, no second one
    assert Job.objects.filter(state=Job.State.QUEUED).count() == 1
    run_waiting_jobs()
    publication.refresh_from_db()
    text = get(page).content.decode()
    assert "甲科员一" not in text
    assert "甲科员二" in text


def text_of(pdf: bytes) -> str:
    """All text of a PDF, without spaces."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_every_department_has_a_sheet_as_pdf(county: County) -> None:
    """YC-R3; rare characters in names print; what officials wrote stays text and loads nothing."""
    markup = '<img src="x.png"><a href="//evil.example">x</a>'
    StaffMember.objects.filter(name="甲科员一").update(post=markup)
    StaffMember.objects.filter(name="甲科长").update(name="喆堃玥璟翀")
    served = county.served(persons_public="all", ballots=rare_ballots())
    publication = publish(county.end_appeals(served), county)
    answer = get(f"/results/{publication.pk}/{first(publication)}.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    width, height = (float(edge) for edge in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)
    text = text_of(answer.content)
    assert not any(page.images or "/Annots" in page for page in reader.pages)
    assert "".join(markup.split()) in text
    for words in (
        "县甲局成绩单",
        "—1—",
        "喆堃玥璟翀",
        "优秀",
        "条款六",
        "优化营商环境服务中心",
    ):
        assert words in text


def rare_ballots() -> list[dict[str, str]]:
    """Ten voters who rate the head with the rare name."""
    return [{"喆堃玥璟翀": "满意", "甲科员一": "比较满意"} for _ in range(10)]
