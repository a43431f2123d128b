"""An empty database takes the short way through the migrations, an older one the long way that it began."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


class LongWay(MigrationLoader):
    """All migrations as they were written, without those that replace several."""

    def load_disk(self) -> None:
        super().load_disk()
        found = self.disk_migrations
        self.disk_migrations = {key: one for key, one in found.items() if not one.replaces}


def test_both_ways_lead_to_the_same_models() -> None:
    long, short = LongWay(None), MigrationLoader(None)
    assert set(short.replacements), "one way alone needs no test"
    for former, latter in ((long, short), (short, long)):
        found = MigrationAutodetector(former.project_state(), latter.project_state()).changes(long.graph)
        assert {
            room: [str(step) for one in left for step in one.operations] for room, left in found.items()
        } == {}


@pytest.mark.django_db
def test_whoever_has_gone_part_of_the_long_way_goes_on() -> None:
    """From each step of it, to the end, leaving none out and doing none twice."""
    graph = LongWay(None).graph
    steps: list[tuple[str, str]] = []
    for leaf in graph.leaf_nodes():
        steps += [step for step in graph.forwards_plan(leaf) if step not in steps]
    recorder = MigrationRecorder(connection)
    recorder.migration_qs.all().delete()
    for number, step in enumerate(steps, start=1):
        recorder.record_applied(*step)
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        plan = [one for one, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
        left = [old for one in plan for old in (one.replaces or [(one.app_label, one.name)])]
        assert sorted(left) == sorted(steps[number:]), step


GO_THE_LONG_WAY = """
import django; django.setup()
import json
from django.core.management import call_command
from django.db.migrations import executor
from tests.architecture.test_migrations import LongWay, tables
executor.MigrationLoader = LongWay
call_command("migrate", verbosity=0)
print(json.dumps(tables()))
"""


def tables() -> dict[str, list[str]]:
    """How SQLite would make each table and index, whatever the order of what is in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {
            name: sorted(sql.replace(" (", ", ", 1).removesuffix(")").split(", "))
            for name, sql in cursor.fetchall()
        }


@pytest.mark.django_db
def go_the_long_way(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    gone = subprocess.run(
        [sys.executable, "-c", GO_THE_LONG_WAY], check=True, env=environment, capture_output=True, text=True
    )
    assert json.loads(gone.stdout) == tables()


if os.environ.get("LONG_TESTS"):
    test_the_long_way_makes_the_same_tables = go_the_long_way
