"""Every decision says when it was first decided so: what was left empty was decided once."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    decisions = apps.get_model("benefits", "ClaimDecision").objects.using(schema_editor.connection.alias)
    decisions.filter(first_decided_at=None).update(first_decided_at=F("decided_at"))


class Migration(migrations.Migration):
    dependencies = [("benefits", "0001_benefits")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="claimdecision",
            name="first_decided_at",
            field=models.DateTimeField(
                help_text="重新审批后结论不变的，为最初审批的时间。", verbose_name="首次审批时间"
            ),
        ),
        migrations.AddIndex(
            model_name="claimdecision",
            index=models.Index(fields=["first_decided_at"], name="decisions_by_first_day"),
        ),
    ]
