"""What the database keeps beside slips and ballots: no statistics, and what of its settings is noted.

PostgreSQL would store a hundred values of each column. Changing a column to the
type it has drops what was stored before; the next shuffle clears the file.
"""

from typing import ClassVar

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
"""


def keep_no_statistics(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        for table in ("surveys_slip", "surveys_ballot"):
            cursor.execute(COLUMNS, [table])
            parts = [
                f'ALTER "{name}" TYPE {kind}, ALTER "{name}" SET STATISTICS 0'
                for name, kind in cursor.fetchall()
            ]
            cursor.execute(f"ALTER TABLE {table} {', '.join(parts)}")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("surveys", "0011_given_up")]
    operations: ClassVar = [
        migrations.RunPython(keep_no_statistics, migrations.RunPython.noop),
        migrations.AddField(
            model_name="survey",
            name="database_faults",
            field=models.JSONField(blank=True, null=True, verbose_name="数据库设置不合要求之处"),
        ),
    ]
