"""The demo shows every desk with something due today, something late, and nobody who reported."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from casework.hearings import standing
from casework.lists import cases
from casework.models import (
    ContactReport,
    HigherRecord,
    ListVersion,
    Matter,
    MatterEvent,
    MonthFigures,
    MonthReview,
    Plate,
    TypicalCase,
    VisitProblem,
    WeeklyItem,
)
from casework.officers.coverage import coverage
from casework.officers.quarters import Quarter
from casework.officers.rules import in_use
from casework.procedures.stored import load_procedures
from demo import seed
from demo.desks import Size, hold_desks
from demo.diary import Diary, beside_others
from departments.models import Department, Membership
from office.errors import Refused
from office.models import AuditEntry, User
from tests.casework.desk import at
from tests.kit.files import own_folders

pytestmark = pytest.mark.django_db
NOW = at("2026-11-30T15:00")
SMALL = Size(visits_a_year=1, items_a_week=1, calls=30, notices=0)


@pytest.fixture
def people(db: None, settings: Settings, tmp_path: Path) -> dict[str, User]:
    own_folders(settings, tmp_path)
    call_command("seed_calendar", verbosity=0)
    load_procedures()
    made = seed.make_accounts()
    unit = Department.objects.create(name="县甲局", order=1)
    Membership.objects.bulk_create(
        Membership(user=made[name], department=unit) for name in ("department", "checker")
    )
    return made


def test_every_desk_of_the_demo_has_done_something_and_has_something_to_do(people: dict[str, User]) -> None:
    hold_desks(people, NOW, SMALL)
    today = timezone.localdate(NOW)

    chains = [standing.chain(one, today) for one in standing.promises()]
    assert {one.standing for one in chains} == set(standing.Standing), "each way a promise can stand"
    assert any(one.due_on == today for one in chains)
    assert any(one.changes for one in chains)
    items = WeeklyItem.objects.filter(done_on=None).exclude(matter=None)
    assert any(one.last_day == today for one in items)
    reviews = MonthReview.objects.all()
    assert [one.figures["on_time"]["of"] > 0 for one in reviews] == [True, True]

    covered = coverage(Quarter.of(today), stored=in_use().rules, now=NOW)
    assert covered.linked.fraction == "39/40"
    assert 0 < covered.visited.part < covered.visited.whole
    earlier = coverage(Quarter.of(today).before, stored=in_use().rules, now=NOW)
    assert covered.too_many or earlier.too_many
    assert VisitProblem.objects.filter(matter__state=Matter.State.CLOSED).exists()

    assert cases.shown_on(today).count() == 1
    assert cases.shown_on(today - timedelta(days=60)).count() == 2
    assert set(TypicalCase.objects.values_list("state", flat=True)) == {"published", "withdrawn"}
    assert [one.entries.count() for one in ListVersion.objects.filter(state="published")] == [10] * 4
    assert set(ContactReport.objects.values_list("kind", flat=True)) == {"before", "after"}
    assert (Plate.objects.filter(ended_on=None).count(), Plate.objects.count()) == (6, 7)
    assert HigherRecord.objects.count() == SMALL.calls
    assert {one.month.month for one in MonthFigures.objects.all()} == {8, 9, 10}

    written = [*MatterEvent.objects.values_list("text", flat=True), *map(str, AuditEntry.objects.values())]
    assert not [text for text in written if "示范来电人" in text or "0000-" in text]
    said = [f"{one.title}{one.text}{one.fields}" for one in Matter.objects.all()]
    assert not [text for text in said if "制造有限公司" in text], "no unit reads which firm it was"


def test_a_diary_goes_on_where_a_clock_was_quicker() -> None:
    """The worker's clocks run while the demo loads; an act whose matter they have ended is left out."""
    done: list[str] = []

    def refuse(_: object) -> None:
        raise Refused("已办结", "无需再办理。")

    def diary() -> Diary:
        made = Diary(NOW)
        made.at(at("2026-11-27T09:00").date(), 9, refuse)
        made.at(at("2026-11-27T09:00").date(), 11, lambda _: done.append("next"))
        return made

    call_command("seed_calendar", verbosity=0)
    with pytest.raises(Refused):
        diary().keep()
    with beside_others():
        diary().keep()
    assert done == ["next"]
