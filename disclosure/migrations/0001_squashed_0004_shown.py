"""All that the migrations up to 0004 lead to, for a database that has none of them.

What they did to rows that were there is left out, an empty database has none.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from office.create_models import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("disclosure", "0001_initial"),
        ("disclosure", "0002_initial"),
        ("disclosure", "0003_versions"),
        ("disclosure", "0004_shown"),
    ]

    initial = True

    dependencies = [
        ("departments", "0002_initial"),
        ("evaluations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="Publication",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.PositiveIntegerField(default=1, verbose_name="第几次公布")),
                    ("directory", models.CharField(blank=True, max_length=120, verbose_name="目录")),
                    ("manifest", models.JSONField(blank=True, default=dict, verbose_name="文件清单")),
                    ("rendered_at", models.DateTimeField(blank=True, null=True, verbose_name="生成时间")),
                    ("is_current", models.BooleanField(default=True, verbose_name="当前公布")),
                    (
                        "result",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="publication",
                            to="evaluations.result",
                            verbose_name="评价结果",
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="publications",
                            to="evaluations.round",
                            verbose_name="轮次",
                        ),
                    ),
                    ("decision", models.CharField(blank=True, max_length=120, verbose_name="更正的批准文号")),
                    ("notes", models.JSONField(blank=True, default=list, verbose_name="变动说明")),
                    ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公布时间")),
                    ("shown", models.JSONField(blank=True, default=dict, verbose_name="公布的内容")),
                ],
                options={
                    "verbose_name": "公示",
                    "verbose_name_plural": "公示",
                    "ordering": ["-id"],
                },
            ),
            migrations.CreateModel(
                name="DisclosureVersion",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.PositiveIntegerField(default=1, verbose_name="第几稿")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("submitted", "待部门审核"),
                                ("reviewed", "待中心核准"),
                                ("approved", "已公布"),
                                ("returned", "已退回"),
                                ("withdrawn", "已撤回"),
                            ],
                            default="submitted",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("is_current", models.BooleanField(default=False, verbose_name="正在公布")),
                    ("content", models.JSONField(default=dict, verbose_name="内容")),
                    ("taken_down", models.JSONField(blank=True, default=list, verbose_name="已撤下的人员")),
                    ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                    ("reviewed_at", models.DateTimeField(blank=True, null=True, verbose_name="部门审核时间")),
                    ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="公布时间")),
                    ("returned_at", models.DateTimeField(blank=True, null=True, verbose_name="退回时间")),
                    ("reason", models.TextField(blank=True, verbose_name="退回原因")),
                    (
                        "approved_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="核准人",
                        ),
                    ),
                    (
                        "department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="versions",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                    (
                        "returned_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="退回人",
                        ),
                    ),
                    (
                        "reviewed_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="部门审核人",
                        ),
                    ),
                    (
                        "submitted_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="提交人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "公示稿",
                    "verbose_name_plural": "公示稿",
                    "ordering": ["-id"],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ["submitted", "reviewed"])),
                            fields=("department",),
                            name="a_department_has_one_version_waiting",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("is_current", True)),
                            fields=("department",),
                            name="a_department_shows_one_version",
                        ),
                    ],
                },
            ),
        ),
    ]
