"""`manage.py archive`: ballots and bundles of finished rounds leave, at their time and never before."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from disclosure.models import Publication
from disclosure.results import archiving
from evaluations.models import Appeal, Round
from office.models import AuditEntry
from surveys import queries
from surveys import services as surveys
from surveys.ballots import verify
from surveys.box import bundles, public_board
from tests.evaluations.county import County, fresh
from tests.evaluations.states import county_at

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
DAYS = 180


@pytest.fixture
def county(settings: Settings) -> County:
    settings.ARCHIVE_BALLOTS_DAYS = settings.ARCHIVE_BUNDLES_DAYS = 0
    return published()


def published() -> County:
    county = county_at("published", varied=True)
    past = timezone.now() - timedelta(days=1)
    Round.objects.filter(pk=county.round.pk).update(appeals_until=timezone.localdate(past), published_at=past)
    Publication.objects.filter(round=county.round).update(published_at=past)
    return county


def archive(*arguments: str) -> str:
    out = StringIO()
    call_command("archive", *arguments, stdout=out)
    return out.getvalue()


def test_ballots_leave_only_with_go_and_all_can_be_verified_from_the_bundle(county: County) -> None:
    number = surveys.stored_ballots(county.survey)
    assert number == 30
    assert "选票30张，可以移出" in archive()
    assert surveys.stored_ballots(county.survey) == number
    assert not AuditEntry.objects.filter(verb="从数据库移出选票").exists()
    before = queries.board(county.survey.public_id)
    assert "已从数据库移出选票30张" in archive("--go")
    assert surveys.stored_ballots(county.survey) == 0
    entry = AuditEntry.objects.get(verb="从数据库移出选票")
    assert entry.after == {"选票": number, "计票包校验值": county.survey.bundle_digest}
    assert queries.control_faults(county.survey) == []
    assert queries.board(county.survey.public_id) == before
    assert verify.main([str(bundles.path_of(county.survey))]) == 0
    call_command("verify_results", stdout=StringIO())
    assert "数据库中没有选票" in archive("--go")


def test_the_time_runs_from_the_last_publication_to_the_day(county: County) -> None:
    last = timezone.localdate(Publication.objects.get().published_at)
    due = last + timedelta(days=DAYS)
    early = archiving.may_ballots_go(county.round, today=due - timedelta(days=1), days=DAYS)
    assert "起可以移出" in early.reasons[0]
    assert archiving.may_ballots_go(county.round, today=due, days=DAYS).may_go


@pytest.mark.parametrize("state", ["counted", "appeals_ended"])
def test_nothing_goes_before_the_publication(settings: Settings, state: str) -> None:
    settings.ARCHIVE_BALLOTS_DAYS = 0
    county = county_at(state, varied=True)
    assert "轮次尚未公布" in archive("--go")
    assert surveys.stored_ballots(county.survey) == 30


def test_nothing_goes_while_an_appeal_or_a_correction_is_open(county: County, tmp_path: Path) -> None:
    unit = county.round.departments.first()
    appeal = Appeal.objects.create(
        round=county.round,
        result=county.round.results.get(),
        round_department=unit,
        text="请复核",
        lodged_on=timezone.localdate(),
        lodged_by=county.operator,
    )
    assert "有1件申诉尚未办结" in archive("--go")
    assert "有1件申诉尚未办结" in archive("--bundles-to", str(tmp_path), "--go")
    appeal.state, appeal.outcome = Appeal.State.REJECTED, Appeal.Outcome.KEPT
    appeal.save()
    Round.objects.filter(pk=county.round.pk).update(correction_decision="甲发〔2026〕1号")
    assert "正在更正公布" in archive("--go")
    Round.objects.filter(pk=county.round.pk).update(
        correction_decision="", appeals_until=timezone.localdate() + timedelta(days=1)
    )
    assert "申诉期至" in archive("--go")
    assert surveys.stored_ballots(county.survey) == 30
    Round.objects.filter(pk=county.round.pk).update(appeals_until=timezone.localdate() - timedelta(days=1))
    assert "已从数据库移出选票30张" in archive("--go")


def test_nothing_goes_where_the_bundle_is_not_the_one_that_was_written(county: County) -> None:
    path = bundles.path_of(county.survey)
    whole = path.read_bytes()
    path.write_bytes(whole[:-200])
    assert "不能移出" in archive("--go")
    path.write_bytes(whole)
    noted = county.survey.bundle_digest
    type(county.survey).objects.update(bundle_digest="0" * 64)
    assert "可能被更换" in archive("--go")
    type(county.survey).objects.update(bundle_digest=noted)
    path.rename(path.with_suffix(".gone"))
    assert "计票包不在服务器上" in archive("--go")
    path.with_suffix(".gone").rename(path)
    assert surveys.stored_ballots(county.survey) == 30
    assert "可以移出" in archive()


def test_a_bundle_is_moved_out_and_brought_back_and_the_board_stays(county: County, tmp_path: Path) -> None:
    survey, elsewhere = county.survey, str(tmp_path / "elsewhere")
    Path(elsewhere).mkdir()
    assert "先移出选票" in archive("--bundles-to", elsewhere, "--go")
    archive("--go")
    board, zipped = queries.board(survey.public_id), queries.public_bundle(survey.public_id)
    trackers = public_board.tracker_table(survey.public_id)
    assert "计票包，可以移出" in archive("--bundles-to", elsewhere)
    assert not list(Path(elsewhere).iterdir())
    archive("--bundles-to", elsewhere, "--go")
    moved = Path(elsewhere) / f"{survey.public_id}.zip"
    assert moved.exists()
    assert not bundles.exists(survey)
    assert verify.main([str(moved)]) == 0
    assert queries.board(survey.public_id) == board
    assert queries.public_bundle(survey.public_id) == zipped
    assert public_board.tracker_table(survey.public_id) == trackers
    assert Client().get(f"/b/{survey.public_id}/").status_code == 200
    assert "不在服务器上" in queries.control_faults(fresh(county.round).survey)[0]
    whole = moved.read_bytes()
    moved.write_bytes(whole[:-300])
    with pytest.raises(CommandError, match="没有取回"):
        archive("--bundles-from", elsewhere, "--go")
    moved.write_bytes(whole)
    assert "可以取回" in archive("--bundles-from", elsewhere)
    assert not bundles.exists(survey)
    archive("--bundles-from", elsewhere, "--go")
    assert bundles.path_of(survey).read_bytes() == whole
    assert queries.control_faults(fresh(county.round).survey) == []
    verbs = AuditEntry.objects.filter(verb__in=["移出计票包", "取回计票包"]).values_list("verb", flat=True)
    assert sorted(verbs) == ["取回计票包", "移出计票包"]
