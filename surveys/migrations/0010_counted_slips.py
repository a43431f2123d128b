from django.conf import settings
from django.db import migrations, models
from django.db.models import Sum


def take_over_what_was_counted(apps, schema_editor):
    """What witnesses counted as handed out; of other batches nobody knows."""
    counts = apps.get_model("surveys", "BatchCount").objects.values("batch").annotate(n=Sum("handed_out"))
    batches = apps.get_model("surveys", "SlipBatch").objects
    for row in counts.order_by("batch"):
        batches.filter(pk=row["batch"]).update(handed_out=row["n"])


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("surveys", "0009_supervisors"),
    ]

    operations = [
        migrations.AddField(
            model_name="slipbatch",
            name="handed_out",
            field=models.PositiveIntegerField(null=True, verbose_name="发出"),
        ),
        migrations.AddField(
            model_name="slipbatch",
            name="taken_back",
            field=models.JSONField(blank=True, default=dict, verbose_name="登记退回的人员"),
        ),
        migrations.RunPython(take_over_what_was_counted, migrations.RunPython.noop),
    ]
