"""A user has one name, as Chinese names are written."""

from typing import Any

from django.db import migrations, models
from django.db.models.functions import Concat


def join(apps: Any, schema_editor: Any) -> None:
    apps.get_model("office", "User").objects.update(first_name=Concat("last_name", "first_name"))


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0004_second_factor"),
    ]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="first_name",
            field=models.CharField(blank=True, max_length=150, verbose_name="姓名"),
        ),
        migrations.RunPython(join, migrations.RunPython.noop),
        migrations.RemoveField(model_name="user", name="last_name"),
    ]
