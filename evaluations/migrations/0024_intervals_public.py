"""Rounds from before never said that their intervals are public; new ones do unless told otherwise."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluations", "0023_channel_of_ratings")]

    operations: ClassVar = [
        migrations.AddField(
            "round", "intervals_public", models.BooleanField("公布得分的可能范围", default=False)
        ),
        migrations.AlterField(
            "round", "intervals_public", models.BooleanField("公布得分的可能范围", default=True)
        ),
    ]
