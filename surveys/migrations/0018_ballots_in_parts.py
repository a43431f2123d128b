"""PostgreSQL keeps slips and ballots in parts, so that a shuffle rewrites those of votes that go on alone.

Parts inherit from the table itself: whoever reads, changes or deletes sees them all. `_a` and `_b` hold what
is shuffled, by turns; `_settled` what nobody can vote with any more, as it was shuffled last.
"""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("surveys_slip", "surveys_ballot")
PARTS = ("a", "b", "settled")
COLUMNS = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"


def make_parts(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(COLUMNS, [table])
            no_statistics = ", ".join(f'ALTER "{name}" SET STATISTICS 0' for (name,) in cursor.fetchall())
            for part in (f"{table}_{name}" for name in PARTS):
                cursor.execute(f"CREATE TABLE {part} (LIKE {table} INCLUDING ALL) INHERITS ({table})")
                cursor.execute(f"ALTER TABLE {part} {no_statistics}")


def join_parts(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        for table in TABLES:
            for part in (f"{table}_{name}" for name in PARTS):
                cursor.execute(f"INSERT INTO {table} SELECT * FROM {part}")  # noqa: S608 - constants
                cursor.execute(f"DROP TABLE {part}")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("surveys", "0017_samples_of_the_drawn")]
    operations: ClassVar = [migrations.RunPython(make_parts, join_parts)]
