"""What PostgreSQL keeps of a vote beside its tables."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from office.errors import Refused
from office.models import AuditEntry
from surveys import tasks
from surveys.keys import database_settings
from surveys.models import Survey
from tests.kit.survey_office import Voter, new_office

pytestmark = [pytest.mark.on_postgresql, pytest.mark.django_db(transaction=True)]


def test_what_a_connection_did_last_says_nothing_of_a_vote() -> None:
    """PostgreSQL shows the last statement of each connection while it idles, values and all."""
    survey, slips = new_office().ready(slips=20)
    first, second = (Voter(survey, slip) for slip in slips["private"][:2])
    other = connection.copy()
    for step in (first.redeem, first.redeem, first.cast, first.cast, second.cast, second.redeem):
        step()
        with other.cursor() as cursor:
            cursor.execute("SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
            shown = "".join(row[0] or "" for row in cursor.fetchall())
        assert "surveys_slip" not in shown
        assert "surveys_ballot" not in shown
    other.close()


def test_the_planner_remembers_no_value_of_a_slip_or_a_ballot() -> None:
    """Whatever column they get one day: PostgreSQL would store a hundred values of each."""
    new_office().ready(slips=20)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE surveys_slip, surveys_ballot")
        cursor.execute(
            "SELECT attrelid::regclass::text, attname FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped"
            " AND attstattarget <> 0 AND (attrelid IN ('surveys_slip'::regclass, 'surveys_ballot'::regclass)"
            " OR attrelid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent::regclass::text ~ '^surveys'))"
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT 1 FROM pg_stats WHERE tablename ~ '^surveys_(slip|ballot)(_|$)'")
        assert cursor.fetchall() == []


@pytest.fixture
def statements_logged(settings: Settings) -> Iterator[None]:
    """A county's own server whose database is set to write every vote into its log."""
    settings.DEMO, settings.PUBLIC_ORIGIN = False, "https://a.test"
    with connection.cursor() as cursor:
        cursor.execute("SET log_statement = 'mod'")
    yield
    connection.close()


def test_as_the_compose_file_has_it_nothing_is_wrong_with_the_settings() -> None:
    assert database_settings.faults() == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("SET log_statement = 'all'", "log_statement 为 all，应为 none"),
        ("SET log_min_duration_statement = 100", "log_min_duration_statement 为 100，应为 -1"),
        ("SET log_min_error_statement = 'error'", "log_min_error_statement 为 error，应为 panic"),
        ("LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0", "auto_explain.log_min_duration 为 0"),
        ("CREATE ROLE nobody_special; SET ROLE nobody_special", "pg_checkpoint"),
        ("SELECT pg_create_physical_replication_slot('of_somebody')", "1 个复制槽"),
    ],
)
def test_what_would_keep_the_order_is_named(wrong: str, says: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(wrong)
        try:
            [fault] = database_settings.faults()
        finally:
            cursor.execute("RESET ROLE; DROP ROLE IF EXISTS nobody_special")
            cursor.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots")
    connection.close()
    assert says in fault


def test_no_survey_opens_on_a_database_that_keeps_the_order(statements_logged: None) -> None:
    office = new_office()
    survey = office.frozen()
    office.print_all(survey)
    with pytest.raises(Refused, match="log_statement 为 mod，应为 none"):
        office.open(survey)


def test_where_it_was_allowed_the_board_and_the_audit_say_so(
    statements_logged: None, settings: Settings, client: Client
) -> None:
    settings.DATABASE_KEEPS_ORDER = True
    office = new_office()
    survey = office.frozen()
    office.print_all(survey)
    office.open(survey)
    assert "log_statement 为 mod" in client.get(f"/b/{survey.public_id}/").content.decode()
    assert "log_statement" in str(AuditEntry.objects.get(verb="开始评价").after["数据库设置"])


def test_what_is_set_wrongly_later_is_noted_at_night_and_stays(client: Client) -> None:
    survey, _ = new_office().ready()
    address = f"/b/{survey.public_id}/"
    assert "经检查符合要求" in client.get(address).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SET log_statement = 'mod'")
    tasks.nightly()
    with connection.cursor() as cursor:
        cursor.execute("RESET log_statement")
    tasks.nightly()
    assert "log_statement 为 mod" in client.get(address).content.decode()
    assert Survey.objects.get(pk=survey.pk).database_faults == [
        "数据库参数 log_statement 为 mod，应为 none。"
    ]
