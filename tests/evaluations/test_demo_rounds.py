"""The demo holds a round of each other policy, each in a state of its own, by a job of its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django.fixtures import Settings

from demo import seed
from departments.models import Department, Hall, Membership
from evaluations import services
from evaluations.models import Appeal, Channel, Disposition, Entry, Occurrence, Result, Round
from office.jobs import services as jobs
from office.models import Job
from surveys.models import PoolDraw, Supervisor
from tests.evaluations.pages import said
from tests.kit import pools
from tests.kit.files import own_folders
from tests.kit.publishing import run_waiting_jobs

pytestmark = pytest.mark.django_db
LOADING = "示范县其余各轮正在载入"
GRIDS = ("checks", "marks", "measures", "placement", "figures", "counts", "ratings")
STATES = {
    "fangcheng-2022": "open",
    "jilin-jkq-2021": "open",
    "wuyang-windows-2022": "computed",
    "guangyuan-2022": "served",
    "wuyang-units-2022": "published",
}


def test_the_demo_shows_each_policy_in_a_state_of_its_own(settings: Settings, tmp_path: Path) -> None:
    own_folders(settings, tmp_path)
    settings.DEMO = True
    call_command("seed_calendar", stdout=(tmp_path / "said").open("w"))
    people = seed.make_accounts()
    Department.objects.bulk_create(Department(name=f"县{n}局", order=n) for n in range(1, 21))
    Membership.objects.create(user=people["department"], department=Department.objects.first())
    pools.fill_register(60)
    Supervisor.objects.bulk_create(Supervisor(name=f"监{n}", organization="商会") for n in range(10))
    services.load_schemes()
    jobs.enqueue("demo.other_rounds", {}, acting_user=None)
    client = Client()
    client.force_login(people["reviewer"])
    assert LOADING in said(client, "/office/")
    run_waiting_jobs()
    page = said(client, "/office/")
    assert LOADING not in page
    assert "复核 1 件申诉" in page
    found = Round.objects.values_list("scheme_version__scheme_id", "state")
    assert dict(found) == STATES
    again = jobs.enqueue("demo.other_rounds", {"and_the_year": True}, acting_user=None)
    jobs.run(again.pk)
    assert Round.objects.count() == len(STATES) + 1, "two quarters of one policy; none is held twice"
    assert Job.objects.filter(kind="demo.matters", state=Job.State.QUEUED).count() == 1
    lists = Result.objects.get(round__scheme_version__scheme_id="wuyang-windows-2022").outcome["lists"]
    assert [(len(one["best"]), len(one["worst"])) for one in lists.values()] == [(5, 3)], "WY-R9"
    empty = Channel.objects.filter(kind__in=GRIDS)
    assert not empty.exclude(pk__in=Entry.objects.values("channel")).exists(), "no grid of the demo is empty"
    assert (Hall.objects.count(), PoolDraw.objects.count(), Occurrence.objects.count()) == (2, 1, 2)
    states = set(Disposition.objects.on(date(2027, 1, 1)).values_list("state_now", flat=True))
    assert {"proposed", "set_aside", "decided", "served", "lapsed"} <= states | {"served"}
    assert Appeal.objects.get().state == Appeal.State.LODGED
