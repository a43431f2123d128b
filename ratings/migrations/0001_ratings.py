import django.db.models.deletion
import surveys.fields
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from office.create_models import CreateModels

NONE_OF = {
    "ratings_badratingcontact": ("id", "sealed"),
    "ratings_rating": ("id", "sent_mark", "text", "aspects", "reasons"),
    "ratings_ticket": ("id", "mark", "sent_mark"),
}


def keep_no_statistics(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What PostgreSQL stores of a table is a sample of a moment: keys and texts that were there by noon."""
    if schema_editor.connection.vendor == "postgresql":
        for table, columns in NONE_OF.items():
            changes = ", ".join(f"ALTER {column} SET STATISTICS 0" for column in columns)
            schema_editor.execute(f"ALTER TABLE {table} {changes}")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("casework", "0001_casework"),
        ("departments", "0009_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="RatingCode",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("rules_id", models.CharField(max_length=64, verbose_name="评价办法")),
                    (
                        "kind",
                        models.CharField(
                            choices=[("window", "窗口"), ("plate", "单位"), ("wall", "大厅码墙")],
                            max_length=16,
                            verbose_name="类别",
                        ),
                    ),
                    (
                        "code",
                        models.CharField(editable=False, max_length=16, unique=True, verbose_name="评价码"),
                    ),
                    ("valid_from", models.DateField(verbose_name="启用日期")),
                    ("ended_on", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                    ("ended_reason", models.CharField(blank=True, max_length=120, verbose_name="停用原因")),
                    (
                        "hall",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="rating_codes",
                            to="departments.hall",
                            verbose_name="办事大厅",
                        ),
                    ),
                    (
                        "replaces",
                        models.OneToOneField(
                            blank=True,
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="replaced_by",
                            to="ratings.ratingcode",
                            verbose_name="替换的码",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="rating_codes",
                            to="departments.department",
                            verbose_name="被评单位",
                        ),
                    ),
                    (
                        "window",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="rating_codes",
                            to="departments.window",
                            verbose_name="窗口",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "评价码",
                    "verbose_name_plural": "评价码",
                    "ordering": ["hall__order", "hall_id", "id"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("hall__isnull", False),
                                    ("kind", "window"),
                                    ("unit__isnull", False),
                                    ("window__isnull", False),
                                ),
                                models.Q(
                                    ("hall", None),
                                    ("kind", "plate"),
                                    ("unit__isnull", False),
                                    ("window", None),
                                ),
                                models.Q(
                                    ("hall__isnull", False),
                                    ("kind", "wall"),
                                    ("unit", None),
                                    ("window", None),
                                ),
                                _connector="OR",
                            ),
                            name="a_rating_code_is_of_a_window_a_unit_or_a_hall",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("ended_on", None), ("kind", "window")),
                            fields=("rules_id", "window"),
                            name="a_window_has_one_live_rating_code",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("ended_on", None), ("kind", "plate")),
                            fields=("rules_id", "unit"),
                            name="a_unit_has_one_live_rating_code",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("ended_on", None), ("kind", "wall")),
                            fields=("rules_id", "hall"),
                            name="a_hall_has_one_live_wall",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Rating",
                fields=[
                    (
                        "id",
                        surveys.fields.RandomKey(
                            default=surveys.fields.random_key,
                            editable=False,
                            primary_key=True,
                            serialize=False,
                        ),
                    ),
                    ("day", models.DateField(verbose_name="日期")),
                    (
                        "channel",
                        models.CharField(
                            choices=[("code", "扫码评价"), ("province", "省“好差评”")],
                            default="code",
                            max_length=16,
                            verbose_name="渠道",
                        ),
                    ),
                    ("has_ticket", models.BooleanField(default=False, verbose_name="凭票")),
                    ("level", models.CharField(max_length=20, verbose_name="等次")),
                    ("aspects", models.CharField(blank=True, max_length=300, verbose_name="分项")),
                    ("reasons", models.CharField(blank=True, max_length=300, verbose_name="原因")),
                    ("text", models.TextField(blank=True, verbose_name="意见")),
                    (
                        "state",
                        models.CharField(
                            choices=[("counted", "计入"), ("held", "暂缓"), ("excluded", "排除")],
                            default="counted",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("held_because", models.CharField(blank=True, max_length=60, verbose_name="暂缓原因")),
                    (
                        "sent_mark",
                        models.CharField(max_length=64, null=True, unique=True, verbose_name="提交摘要"),
                    ),
                    (
                        "code",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="ratings",
                            to="ratings.ratingcode",
                            verbose_name="评价对象",
                        ),
                    ),
                    (
                        "moved_from",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="moved_ratings",
                            to="ratings.ratingcode",
                            verbose_name="原评价对象",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "评价",
                    "verbose_name_plural": "评价",
                    "indexes": [
                        models.Index(fields=["day", "code"], name="rating_by_day"),
                        models.Index(fields=["state", "day"], name="rating_by_state"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="BadRatingContact",
                fields=[
                    (
                        "id",
                        surveys.fields.RandomKey(
                            default=surveys.fields.random_key,
                            editable=False,
                            primary_key=True,
                            serialize=False,
                        ),
                    ),
                    ("sealed", models.TextField(verbose_name="密封的电话")),
                    (
                        "rating",
                        models.OneToOneField(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="contact",
                            to="ratings.rating",
                            verbose_name="评价",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "差评的联系电话",
                    "verbose_name_plural": "差评的联系电话",
                },
            ),
            migrations.CreateModel(
                name="Judgment",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "act",
                        models.CharField(
                            choices=[("count", "计入"), ("exclude", "排除"), ("move", "移到正确对象")],
                            max_length=16,
                            verbose_name="认定",
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("proposed", "待另一人认定"),
                                ("agreed", "已认定"),
                                ("declined", "不同意"),
                            ],
                            default="proposed",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("reason", models.CharField(blank=True, max_length=40, verbose_name="事由")),
                    ("words", models.CharField(max_length=300, verbose_name="说明")),
                    ("proposed_on", models.DateField(verbose_name="提出日期")),
                    ("settled_on", models.DateField(blank=True, null=True, verbose_name="认定日期")),
                    ("opinion", models.CharField(blank=True, max_length=300, verbose_name="意见")),
                    (
                        "proposed_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="提出人",
                        ),
                    ),
                    (
                        "settled_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="认定人",
                        ),
                    ),
                    (
                        "rating",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="judgments",
                            to="ratings.rating",
                            verbose_name="评价",
                        ),
                    ),
                    (
                        "to_code",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="ratings.ratingcode",
                            verbose_name="移到",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "评价认定",
                    "verbose_name_plural": "评价认定",
                    "ordering": ["-proposed_on", "-id"],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state", "proposed")),
                            fields=("rating",),
                            name="a_rating_has_one_open_judgment",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("settled_by", models.F("proposed_by")), _negated=True),
                            name="nobody_settles_their_own_judgment",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="RatingMatter",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "matter",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="bad_rating",
                            to="casework.matter",
                            verbose_name="事项",
                        ),
                    ),
                    (
                        "rating",
                        models.OneToOneField(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="made",
                            to="ratings.rating",
                            verbose_name="评价",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "差评事项",
                    "verbose_name_plural": "差评事项",
                },
            ),
            migrations.CreateModel(
                name="Served",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("day", models.DateField(verbose_name="日期")),
                    ("number", models.PositiveIntegerField(verbose_name="办件量")),
                    (
                        "entered_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="填报人",
                        ),
                    ),
                    (
                        "window",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="served",
                            to="departments.window",
                            verbose_name="窗口",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "办件量",
                    "verbose_name_plural": "办件量",
                    "ordering": ["-day", "window_id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("window", "day"), name="a_window_has_one_number_of_a_day"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="TicketBatch",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("rules_id", models.CharField(max_length=64, verbose_name="评价办法")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("roll", "印制的评价码"),
                                ("cases", "导入的办件编号"),
                                ("province", "省“好差评”已评的办件编号"),
                            ],
                            max_length=16,
                            verbose_name="类别",
                        ),
                    ),
                    ("size", models.PositiveIntegerField(verbose_name="张数")),
                    ("used", models.PositiveIntegerField(default=0, verbose_name="已用（夜间统计）")),
                    ("made_on", models.DateField(verbose_name="制作日期")),
                    (
                        "hall",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.hall",
                            verbose_name="办事大厅",
                        ),
                    ),
                    (
                        "made_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="制作人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "评价票批次",
                    "verbose_name_plural": "评价票批次",
                    "ordering": ["-made_on", "-id"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("size__gte", 1)), name="a_batch_of_tickets_is_not_empty"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Ticket",
                fields=[
                    (
                        "id",
                        surveys.fields.RandomKey(
                            default=surveys.fields.random_key,
                            editable=False,
                            primary_key=True,
                            serialize=False,
                        ),
                    ),
                    ("mark", models.CharField(max_length=64, unique=True, verbose_name="票号摘要")),
                    ("last_day", models.DateField(verbose_name="有效至")),
                    ("is_used", models.BooleanField(default=False, verbose_name="已评价")),
                    ("sent_mark", models.CharField(blank=True, max_length=64, verbose_name="提交摘要")),
                    (
                        "unit",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.department",
                            verbose_name="办理单位",
                        ),
                    ),
                    (
                        "batch",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="tickets",
                            to="ratings.ticketbatch",
                            verbose_name="批次",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "评价票",
                    "verbose_name_plural": "评价票",
                },
            ),
        ),
        migrations.RunPython(keep_no_statistics, migrations.RunPython.noop),
    ]
