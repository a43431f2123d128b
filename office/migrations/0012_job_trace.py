from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0011_casework"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="trace",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=64, verbose_name="请求编号"
            ),
        ),
    ]
