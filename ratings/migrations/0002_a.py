"""Keep no statistics of what tells one rating or ticket from another.

What the planner stores of a table is a sample of a moment: which keys and texts were there by noon.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NONE_OF = {
    "ratings_rating": ("id", "sent_mark", "text", "aspects", "reasons"),
    "ratings_ticket": ("id", "mark", "sent_mark"),
}


def keep_no_statistics(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table, columns in NONE_OF.items():
            changes = ", ".join(f"ALTER {column} SET STATISTICS 0" for column in columns)
            schema_editor.execute(f"ALTER TABLE {table} {changes}")


class Migration(migrations.Migration):
    dependencies = [("ratings", "0001_ratings")]
    operations = [migrations.RunPython(keep_no_statistics, migrations.RunPython.noop)]
