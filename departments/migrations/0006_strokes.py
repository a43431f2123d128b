"""Names are sorted by strokes in the database, too; what is kept of each name is made anew."""

from typing import Any

from django.db import migrations, models

from departments.names.pinyin import name_initials
from departments.names.strokes import stroke_key


def fill(apps: Any, schema_editor: Any) -> None:
    people = apps.get_model("departments", "StaffMember").objects
    found = list(people.only("name", "reading"))
    for person in found:
        person.name_initials = person.reading.lower() or name_initials(person.name)
        person.name_strokes = stroke_key(person.name)
    people.bulk_update(found, ["name_initials", "name_strokes"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [
        ("departments", "0005_reading"),
    ]

    operations = [
        migrations.AddField(
            model_name="staffmember",
            name="name_strokes",
            field=models.CharField(
                blank=True, db_index=True, editable=False, max_length=61, verbose_name="笔画次序"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
