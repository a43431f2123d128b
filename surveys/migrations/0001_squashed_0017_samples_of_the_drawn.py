"""All that the migrations up to 0017 lead to, for a database that has none of them.

What they did to rows that were there is left out, an empty database has none.
"""

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import surveys.fields
from django.conf import settings
from django.db import migrations, models
from office.create_models import CreateModels
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# As in 0012: PostgreSQL would keep a hundred values of each column of slips and ballots.
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
    replaces = [
        ("surveys", "0001_initial"),
        ("surveys", "0002_sealed_ballots"),
        ("surveys", "0003_control_explanation"),
        ("surveys", "0004_returned_slips"),
        ("surveys", "0005_comments"),
        ("surveys", "0006_paper"),
        ("surveys", "0007_sittings"),
        ("surveys", "0008_comments_without_check"),
        ("surveys", "0009_supervisors"),
        ("surveys", "0010_counted_slips"),
        ("surveys", "0011_given_up"),
        ("surveys", "0012_database_settings"),
        ("surveys", "0013_replaced_slips"),
        ("surveys", "0014_words"),
        ("surveys", "0015_digest_of_the_bundle"),
        ("surveys", "0016_pools"),
        ("surveys", "0017_samples_of_the_drawn"),
    ]

    initial = True

    dependencies = [
        ("departments", "0007_photos_in_the_media_storage"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="Survey",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("public_id", models.CharField(max_length=40, unique=True, verbose_name="评价表编号")),
                    ("title", models.CharField(max_length=120, verbose_name="评价表名称")),
                    ("key_on_server", models.BooleanField(default=False, verbose_name="计票密钥存于服务器")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("draft", "筹备中"),
                                ("frozen", "已定稿"),
                                ("open", "评价进行中"),
                                ("closed", "已截止"),
                                ("counted", "已计票"),
                                ("void", "已作废"),
                            ],
                            default="draft",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("allow_revote", models.BooleanField(default=True, verbose_name="截止前可改票")),
                    ("closes", models.CharField(blank=True, max_length=40, verbose_name="截止时间（文字）")),
                    ("form", models.JSONField(blank=True, default=dict, verbose_name="评价表内容")),
                    ("public", models.TextField(blank=True, verbose_name="定稿")),
                    ("fingerprint", models.CharField(blank=True, max_length=26, verbose_name="防伪指纹")),
                    (
                        "tally_public_key",
                        models.CharField(blank=True, max_length=64, verbose_name="计票公钥"),
                    ),
                    (
                        "tally_key_file",
                        models.JSONField(blank=True, default=dict, verbose_name="加密的计票私钥"),
                    ),
                    ("box_public_key", models.CharField(blank=True, max_length=64, verbose_name="票箱公钥")),
                    ("code_root", models.CharField(blank=True, max_length=64, verbose_name="票码清单摘要")),
                    ("turnout", models.JSONField(blank=True, default=dict, verbose_name="参评人数")),
                    ("counts", models.JSONField(blank=True, default=dict, verbose_name="计票结果")),
                    ("comments", models.JSONField(blank=True, default=dict, verbose_name="意见建议")),
                    ("controls", models.JSONField(blank=True, default=dict, verbose_name="清点核对")),
                    ("rehearsal", models.JSONField(blank=True, default=dict, verbose_name="开箱演练")),
                    ("paper_finished", models.BooleanField(default=False, verbose_name="纸质票已录完")),
                    (
                        "database_faults",
                        models.JSONField(blank=True, null=True, verbose_name="数据库设置不合要求之处"),
                    ),
                    (
                        "bundle_digest",
                        models.CharField(
                            blank=True,
                            help_text="截止后写出时记下。",
                            max_length=64,
                            verbose_name="计票包校验值",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "评价表",
                    "verbose_name_plural": "评价表",
                    "ordering": ["-id"],
                },
            ),
            migrations.CreateModel(
                name="Stratum",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=60, verbose_name="类别")),
                    ("kind", models.CharField(max_length=60, verbose_name="主体类型")),
                    ("share", models.PositiveSmallIntegerField(verbose_name="占比（%）")),
                    (
                        "key_id",
                        models.CharField(
                            blank=True, max_length=4, null=True, unique=True, verbose_name="票种"
                        ),
                    ),
                    ("modulus", models.TextField(blank=True, verbose_name="发证公钥")),
                    ("order", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                    (
                        "survey",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="strata",
                            to="surveys.survey",
                            verbose_name="评价表",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "评价主体类别",
                    "verbose_name_plural": "评价主体类别",
                    "ordering": ["survey", "order", "id"],
                    "constraints": [
                        models.UniqueConstraint(fields=("survey", "kind"), name="a_survey_has_a_kind_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="SlipBatch",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.PositiveIntegerField(verbose_name="批次号")),
                    ("size", models.PositiveIntegerField(verbose_name="票数")),
                    ("is_printed", models.BooleanField(default=False, verbose_name="已印制")),
                    ("is_void", models.BooleanField(default=False, verbose_name="已作废")),
                    (
                        "town",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.town",
                            verbose_name="镇（街）",
                        ),
                    ),
                    (
                        "stratum",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="batches",
                            to="surveys.stratum",
                            verbose_name="类别",
                        ),
                    ),
                    (
                        "survey",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="batches",
                            to="surveys.survey",
                            verbose_name="评价表",
                        ),
                    ),
                    ("returned", models.PositiveIntegerField(default=0, verbose_name="未发退回")),
                    ("spoiled", models.PositiveIntegerField(default=0, verbose_name="损毁")),
                    ("handed_out", models.PositiveIntegerField(null=True, verbose_name="发出")),
                    ("taken_back", models.JSONField(blank=True, default=dict, verbose_name="登记退回的人员")),
                ],
                options={
                    "verbose_name": "凭条批次",
                    "verbose_name_plural": "凭条批次",
                    "ordering": ["survey", "number"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("survey", "number"), name="a_survey_numbers_a_batch_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("size__gte", 1), ("size__lte", 500)),
                            name="a_batch_has_at_most_500_slips",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "size__gte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("returned"), "+", models.F("spoiled")
                                    ),
                                )
                            ),
                            name="a_batch_takes_back_no_more_than_it_printed",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Slip",
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
                    ("code_hash", models.BinaryField(max_length=32, unique=True, verbose_name="票码摘要")),
                    ("blinded_hash", models.BinaryField(max_length=32, null=True, verbose_name="盲化值摘要")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("unused", "未使用"),
                                ("redeemed", "已兑票"),
                                ("paper", "换纸质票"),
                                ("void", "作废"),
                                ("held", "待换发"),
                                ("replaced", "已换发"),
                            ],
                            default="unused",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    (
                        "batch",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="slips",
                            to="surveys.slipbatch",
                            verbose_name="批次",
                        ),
                    ),
                    ("is_returned", models.BooleanField(default=False, verbose_name="已退回")),
                ],
                options={
                    "verbose_name": "凭条",
                    "verbose_name_plural": "凭条",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("is_returned", False), ("state__in", ["void", "redeemed"]), _connector="OR"
                            ),
                            name="a_returned_slip_is_void_or_was_redeemed",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Ballot",
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
                    ("credential", models.BinaryField(max_length=32, unique=True, verbose_name="凭证")),
                    ("prefix", models.BinaryField(max_length=32, verbose_name="随机前缀")),
                    ("signature", models.BinaryField(max_length=256, verbose_name="盲签名")),
                    ("seq", models.BigIntegerField(verbose_name="序号")),
                    ("sealed", models.BinaryField(verbose_name="密封内容")),
                    ("credential_signature", models.BinaryField(max_length=64, verbose_name="凭证签名")),
                    (
                        "stratum",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="ballots",
                            to="surveys.stratum",
                            verbose_name="类别",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "选票",
                    "verbose_name_plural": "选票",
                },
            ),
            migrations.CreateModel(
                name="MarketEntity",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("code", models.CharField(max_length=18, unique=True, verbose_name="统一社会信用代码")),
                    ("name", models.CharField(max_length=120, verbose_name="市场主体名称")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("private", "民营企业"),
                                ("sole_trader", "个体工商户"),
                                ("non_private", "非民营企业"),
                            ],
                            max_length=16,
                            verbose_name="主体类型",
                        ),
                    ),
                    ("contact", models.CharField(blank=True, max_length=40, verbose_name="联系人")),
                    ("phone", models.CharField(blank=True, max_length=40, verbose_name="联系电话")),
                    ("industry", models.CharField(blank=True, max_length=40, verbose_name="行业")),
                    ("is_active", models.BooleanField(default=True, verbose_name="可邀请")),
                    (
                        "town",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.town",
                            verbose_name="所属镇（街）",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "市场主体",
                    "verbose_name_plural": "市场主体",
                    "ordering": ["id"],
                    "indexes": [models.Index(fields=["town", "kind"], name="entities_of_a_town")],
                },
            ),
            migrations.CreateModel(
                name="ControlExplanation",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("key", models.CharField(max_length=80, verbose_name="核对项")),
                    ("said", models.CharField(max_length=300, verbose_name="核对内容")),
                    ("text", models.TextField(max_length=1000, verbose_name="情况说明")),
                    ("at", models.DateTimeField(verbose_name="说明时间")),
                    (
                        "survey",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="explanations",
                            to="surveys.survey",
                            verbose_name="评价表",
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="说明人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "核对说明",
                    "verbose_name_plural": "核对说明",
                    "ordering": ["survey", "at", "id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("survey", "key", "said"), name="a_broken_control_is_explained_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Comment",
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
                    ("department", models.CharField(max_length=24, verbose_name="单位编号")),
                    (
                        "kind",
                        models.CharField(
                            choices=[("matter", "具体事项"), ("suggestion", "建议")],
                            max_length=12,
                            verbose_name="类型",
                        ),
                    ),
                    ("masked", models.TextField(blank=True, verbose_name="遮盖后的原文")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("waiting", "待处理"),
                                ("proposed", "待复核"),
                                ("sent_back", "已退回"),
                                ("settled", "已复核"),
                            ],
                            default="waiting",
                            max_length=12,
                            verbose_name="状态",
                        ),
                    ),
                    ("topic", models.CharField(blank=True, max_length=40, verbose_name="事项")),
                    ("paraphrase", models.CharField(blank=True, max_length=300, verbose_name="概括")),
                    ("reason", models.CharField(blank=True, max_length=200, verbose_name="不反馈的原因")),
                    ("note", models.CharField(blank=True, max_length=200, verbose_name="退回说明")),
                    (
                        "proposed_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="拟稿人",
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
                            verbose_name="复核人",
                        ),
                    ),
                    (
                        "survey",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="remarks",
                            to="surveys.survey",
                            verbose_name="评价表",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "意见建议",
                    "verbose_name_plural": "意见建议",
                    "ordering": ["id"],
                    "indexes": [
                        models.Index(fields=["survey", "department"], name="remarks_of_a_department")
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "settled"), _negated=True),
                                models.Q(
                                    ("proposed_by__isnull", False),
                                    ("settled_by__isnull", False),
                                    models.Q(("proposed_by", models.F("settled_by")), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="a_remark_is_settled_by_two_persons",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="PaperSheet",
                fields=[
                    ("department", models.CharField(blank=True, max_length=40, verbose_name="单位")),
                    (
                        "kind",
                        models.CharField(
                            blank=True,
                            choices=[("valid", "有效"), ("spoiled", "废票"), ("set_aside", "剔除")],
                            max_length=16,
                            verbose_name="票面",
                        ),
                    ),
                    ("marks", models.CharField(blank=True, max_length=500, verbose_name="选项")),
                    ("matter", models.TextField(blank=True, verbose_name="具体事项")),
                    ("suggestion", models.TextField(blank=True, verbose_name="意见建议")),
                    (
                        "id",
                        surveys.fields.RandomKey(
                            default=surveys.fields.random_key,
                            editable=False,
                            primary_key=True,
                            serialize=False,
                        ),
                    ),
                    ("number", models.PositiveIntegerField(verbose_name="编号")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("label", "待录入"),
                                ("once", "待第二人录入"),
                                ("different", "待第三人录入"),
                                ("review", "待复核人员裁定"),
                                ("settled", "已核定"),
                            ],
                            default="label",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    (
                        "stratum",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="surveys.stratum",
                            verbose_name="类别",
                        ),
                    ),
                    (
                        "survey",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="sheets",
                            to="surveys.survey",
                            verbose_name="评价表",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "纸质测评表",
                    "verbose_name_plural": "纸质测评表",
                    "indexes": [models.Index(fields=["survey", "state"], name="sheets_of_a_survey_by_state")],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("survey", "number"), name="a_survey_numbers_a_sheet_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="PaperReading",
                fields=[
                    ("department", models.CharField(blank=True, max_length=40, verbose_name="单位")),
                    (
                        "kind",
                        models.CharField(
                            blank=True,
                            choices=[("valid", "有效"), ("spoiled", "废票"), ("set_aside", "剔除")],
                            max_length=16,
                            verbose_name="票面",
                        ),
                    ),
                    ("marks", models.CharField(blank=True, max_length=500, verbose_name="选项")),
                    ("matter", models.TextField(blank=True, verbose_name="具体事项")),
                    ("suggestion", models.TextField(blank=True, verbose_name="意见建议")),
                    (
                        "id",
                        surveys.fields.RandomKey(
                            default=surveys.fields.random_key,
                            editable=False,
                            primary_key=True,
                            serialize=False,
                        ),
                    ),
                    (
                        "reader",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="录入人",
                        ),
                    ),
                    (
                        "stratum",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="surveys.stratum",
                            verbose_name="类别",
                        ),
                    ),
                    (
                        "sheet",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="readings",
                            to="surveys.papersheet",
                            verbose_name="测评表",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "纸质票录入",
                    "verbose_name_plural": "纸质票录入",
                    "constraints": [
                        models.UniqueConstraint(fields=("sheet", "reader"), name="nobody_reads_a_sheet_twice")
                    ],
                },
            ),
            migrations.CreateModel(
                name="ContactList",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("file_name", models.CharField(max_length=200, verbose_name="文件名")),
                    ("codes", models.JSONField(default=list, verbose_name="统一社会信用代码")),
                    (
                        "survey",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="contact_lists",
                            to="surveys.survey",
                            verbose_name="评价表",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "办事往来名单",
                    "verbose_name_plural": "办事往来名单",
                    "ordering": ["-id"],
                },
            ),
            migrations.CreateModel(
                name="Sitting",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.PositiveSmallIntegerField(verbose_name="场次")),
                    ("date", models.DateField(verbose_name="日期")),
                    ("begins", models.TimeField(verbose_name="开始时间")),
                    ("place", models.CharField(max_length=80, verbose_name="地点")),
                    ("inquiries", models.CharField(blank=True, max_length=40, verbose_name="咨询电话")),
                    (
                        "state",
                        models.CharField(
                            choices=[("planned", "待抽取名单"), ("drawn", "待举行"), ("held", "已办结")],
                            default="planned",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("seed", models.CharField(blank=True, max_length=120, verbose_name="抽取码")),
                    ("algorithm", models.CharField(blank=True, max_length=30, verbose_name="抽取算法")),
                    ("drum", models.JSONField(blank=True, default=dict, verbose_name="抽取范围摘要")),
                    ("invited", models.JSONField(blank=True, default=dict, verbose_name="邀请数")),
                    ("attended", models.JSONField(blank=True, default=dict, verbose_name="到场数")),
                    ("first_witness", models.CharField(blank=True, max_length=40, verbose_name="监票人")),
                    (
                        "second_witness",
                        models.CharField(blank=True, max_length=40, verbose_name="监票人（二）"),
                    ),
                    (
                        "no_judged_official",
                        models.BooleanField(default=False, verbose_name="参评单位人员已回避"),
                    ),
                    (
                        "helped",
                        models.PositiveSmallIntegerField(null=True, verbose_name="协助不便使用手机的评价人"),
                    ),
                    ("remarks", models.TextField(blank=True, max_length=1000, verbose_name="情况说明")),
                    (
                        "contact_list",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="surveys.contactlist",
                            verbose_name="办事往来名单",
                        ),
                    ),
                    (
                        "survey",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="sittings",
                            to="surveys.survey",
                            verbose_name="评价表",
                        ),
                    ),
                    (
                        "town",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.town",
                            verbose_name="镇（街）",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "现场评价",
                    "verbose_name_plural": "现场评价",
                    "ordering": ["town__order", "town_id", "number"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("survey", "town", "number"), name="a_town_numbers_a_sitting_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Invitation",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("place", models.PositiveIntegerField(verbose_name="顺序号")),
                    ("is_substitute", models.BooleanField(default=False, verbose_name="候补")),
                    ("has_arrived", models.BooleanField(default=False, verbose_name="到场")),
                    (
                        "entity",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="surveys.marketentity",
                            verbose_name="市场主体",
                        ),
                    ),
                    (
                        "stratum",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="surveys.stratum",
                            verbose_name="类别",
                        ),
                    ),
                    (
                        "survey",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="surveys.survey",
                            verbose_name="评价表",
                        ),
                    ),
                    (
                        "sitting",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="invitations",
                            to="surveys.sitting",
                            verbose_name="场次",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "邀请",
                    "verbose_name_plural": "邀请",
                    "ordering": ["sitting", "stratum__order", "is_substitute", "place"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("survey", "entity"), name="a_survey_invites_an_entity_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="BatchCount",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("received", models.PositiveIntegerField(verbose_name="领取")),
                    ("handed_out", models.PositiveIntegerField(verbose_name="发出")),
                    ("returned", models.PositiveIntegerField(verbose_name="结余退回")),
                    ("spoiled", models.PositiveIntegerField(verbose_name="损毁")),
                    (
                        "batch",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="counted_at",
                            to="surveys.slipbatch",
                            verbose_name="批次",
                        ),
                    ),
                    (
                        "sitting",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="counts",
                            to="surveys.sitting",
                            verbose_name="场次",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "凭条清点",
                    "verbose_name_plural": "凭条清点",
                    "ordering": ["sitting", "batch__number"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("sitting", "batch"), name="a_sitting_counts_a_batch_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Supervisor",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=40, verbose_name="姓名")),
                    ("organization", models.CharField(max_length=120, verbose_name="所在单位")),
                    ("area", models.CharField(blank=True, max_length=40, verbose_name="所属地区")),
                    ("phone", models.CharField(blank=True, max_length=40, verbose_name="联系电话")),
                    ("term_starts", models.DateField(blank=True, null=True, verbose_name="聘期开始")),
                    ("term_ends", models.DateField(blank=True, null=True, verbose_name="聘期结束")),
                    ("is_active", models.BooleanField(default=True, verbose_name="在任")),
                ],
                options={
                    "verbose_name": "监督员",
                    "verbose_name_plural": "监督员",
                    "ordering": ["id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("name", "organization"),
                            name="one_supervisor_of_a_name_in_an_organization",
                            violation_error_message="该单位已有同名的监督员，没有保存。确是两个人的，请在姓名后注明，如“（一）”“（二）”。",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("term_ends__gte", models.F("term_starts"))),
                            name="a_supervisors_term_ends_after_it_starts",
                            violation_error_message="聘期结束早于聘期开始，没有保存。请核对日期。",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("is_active", True), ("phone", ""), _connector="OR"),
                            name="who_left_has_no_telephone_number",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Pool",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=60, unique=True, verbose_name="样本库名称")),
                    (
                        "basis",
                        models.CharField(
                            blank=True, help_text="文件名称和条款。", max_length=200, verbose_name="依据"
                        ),
                    ),
                    (
                        "most_handed_in",
                        models.PositiveSmallIntegerField(
                            default=50,
                            help_text="各细分中，由单位报送的样本最多占应有人数的百分之几；其余从市场主体名录随机抽取。",
                            validators=[django.core.validators.MaxValueValidator(100)],
                            verbose_name="报送样本上限（%）",
                        ),
                    ),
                    (
                        "samples_wanted",
                        models.PositiveSmallIntegerField(
                            default=20,
                            help_text="不足的在报送情况中标明。",
                            verbose_name="每单位每季度应报样本",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "评价样本库",
                    "verbose_name_plural": "评价样本库",
                    "ordering": ["id"],
                },
            ),
            migrations.CreateModel(
                name="PoolDraw",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.PositiveIntegerField(verbose_name="次序")),
                    ("title", models.CharField(max_length=120, verbose_name="用途")),
                    ("total", models.PositiveIntegerField(verbose_name="抽取总数")),
                    ("drawn_at", models.DateTimeField(verbose_name="抽取时间")),
                    ("seed", models.CharField(max_length=200, verbose_name="抽取码")),
                    ("list_hash", models.CharField(max_length=64, verbose_name="名单摘要")),
                    ("protocol", models.JSONField(blank=True, default=dict, verbose_name="抽取记录")),
                    (
                        "drawn_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="抽取人",
                        ),
                    ),
                    (
                        "pool",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="draws",
                            to="surveys.pool",
                            verbose_name="样本库",
                        ),
                    ),
                    (
                        "survey",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="surveys.survey",
                            verbose_name="评价表",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "抽样",
                    "verbose_name_plural": "抽样",
                    "ordering": ["-id"],
                    "constraints": [
                        models.UniqueConstraint(fields=("pool", "number"), name="a_pool_numbers_a_draw_once"),
                        models.UniqueConstraint(
                            fields=("pool", "title"), name="a_pool_is_drawn_from_once_for_a_title"
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("survey", None), _negated=True),
                            fields=("pool", "survey"),
                            name="a_pool_is_drawn_from_once_for_a_survey",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PoolStratum",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=40, verbose_name="类别")),
                    ("order", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                    (
                        "source",
                        models.CharField(
                            choices=[
                                ("register", "市场主体名录"),
                                ("supervisors", "监督员名单"),
                                ("list", "推荐名单"),
                            ],
                            default="list",
                            max_length=16,
                            verbose_name="来源",
                        ),
                    ),
                    (
                        "renewal_months",
                        models.PositiveSmallIntegerField(
                            default=12,
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(60),
                            ],
                            verbose_name="更新周期（月）",
                        ),
                    ),
                    (
                        "pool",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="strata",
                            to="surveys.pool",
                            verbose_name="样本库",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "样本类别",
                    "verbose_name_plural": "样本类别",
                    "ordering": ["pool", "order", "id"],
                    "constraints": [
                        models.UniqueConstraint(fields=("pool", "name"), name="a_pool_has_a_stratum_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="PoolCell",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(blank=True, max_length=40, verbose_name="细分")),
                    ("size", models.PositiveIntegerField(verbose_name="应有人数")),
                    ("order", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                    (
                        "entity_kind",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("private", "民营企业"),
                                ("sole_trader", "个体工商户"),
                                ("non_private", "非民营企业"),
                            ],
                            max_length=16,
                            verbose_name="主体类型",
                        ),
                    ),
                    (
                        "town",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.town",
                            verbose_name="所属镇（街）",
                        ),
                    ),
                    (
                        "stratum",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="cells",
                            to="surveys.poolstratum",
                            verbose_name="类别",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "样本细分",
                    "verbose_name_plural": "样本细分",
                    "ordering": ["stratum__pool", "stratum__order", "stratum", "order", "id"],
                    "constraints": [
                        models.UniqueConstraint(fields=("stratum", "name"), name="a_stratum_has_a_cell_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="PoolMember",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.CharField(max_length=40, verbose_name="编号")),
                    ("name", models.CharField(max_length=120, verbose_name="姓名（名称）")),
                    ("employer", models.CharField(blank=True, max_length=120, verbose_name="所在单位")),
                    ("phone", models.CharField(blank=True, max_length=40, verbose_name="联系电话")),
                    (
                        "source",
                        models.CharField(
                            choices=[
                                ("register", "市场主体名录"),
                                ("supervisors", "监督员名单"),
                                ("list", "推荐名单"),
                                ("handed_in", "单位报送"),
                            ],
                            default="list",
                            max_length=16,
                            verbose_name="来源",
                        ),
                    ),
                    ("joined_on", models.DateField(verbose_name="入库日期")),
                    ("renew_on", models.DateField(verbose_name="到期日期")),
                    ("left_on", models.DateField(blank=True, null=True, verbose_name="退出日期")),
                    ("left_reason", models.CharField(blank=True, max_length=100, verbose_name="退出原因")),
                    (
                        "cell",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="members",
                            to="surveys.poolcell",
                            verbose_name="细分",
                        ),
                    ),
                    (
                        "entity",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="surveys.marketentity",
                            verbose_name="市场主体",
                        ),
                    ),
                    (
                        "pool",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="members",
                            to="surveys.pool",
                            verbose_name="样本库",
                        ),
                    ),
                    (
                        "supervisor",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="surveys.supervisor",
                            verbose_name="监督员",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="departments.department",
                            verbose_name="所属参评单位",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "样本",
                    "verbose_name_plural": "样本",
                    "ordering": ["pool", "id"],
                    "indexes": [models.Index(fields=["pool", "renew_on"], name="members_due")],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("left_on", None)),
                            fields=("pool", "number"),
                            name="a_number_is_once_in_a_pool",
                            violation_error_message="该样本库中已有这个编号的样本，没有保存。请核对编号。",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("left_on", None), ("phone", ""), _connector="OR"),
                            name="who_left_a_pool_has_no_telephone_number",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="HandedInSample",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("period", models.CharField(max_length=16, verbose_name="季度")),
                    ("code", models.CharField(max_length=18, verbose_name="统一社会信用代码")),
                    ("name", models.CharField(max_length=120, verbose_name="企业名称")),
                    ("matter", models.CharField(blank=True, max_length=120, verbose_name="办理事项")),
                    ("contact", models.CharField(blank=True, max_length=40, verbose_name="联系人")),
                    ("phone", models.CharField(max_length=40, verbose_name="联系电话")),
                    ("handed_in_on", models.DateField(verbose_name="报送日期")),
                    ("is_withdrawn", models.BooleanField(default=False, verbose_name="已撤回")),
                    (
                        "department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="departments.department",
                            verbose_name="报送单位",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "报送样本",
                    "verbose_name_plural": "报送样本",
                    "ordering": ["-period", "department__order", "id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("department", "period", "code"),
                            name="a_department_hands_in_an_enterprise_once",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="DrawnMember",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("is_reserve", models.BooleanField(default=False, verbose_name="候补名单")),
                    ("place", models.PositiveIntegerField(verbose_name="顺序号")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("drawn", "应访"),
                                ("reserve", "候补"),
                                ("stepped_in", "已递补"),
                                ("replaced", "已替换"),
                            ],
                            default="drawn",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("reason", models.CharField(blank=True, max_length=100, verbose_name="替换原因")),
                    ("replaced_at", models.DateTimeField(blank=True, null=True, verbose_name="替换时间")),
                    (
                        "replaced_by",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="stands_in_for",
                            to="surveys.drawnmember",
                            verbose_name="递补者",
                        ),
                    ),
                    (
                        "cell",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="surveys.poolcell",
                            verbose_name="细分",
                        ),
                    ),
                    (
                        "draw",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="drawn",
                            to="surveys.pooldraw",
                            verbose_name="抽样",
                        ),
                    ),
                    (
                        "member",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="surveys.poolmember",
                            verbose_name="样本",
                        ),
                    ),
                    (
                        "samples",
                        models.ManyToManyField(
                            blank=True, related_name="+", to="surveys.handedinsample", verbose_name="报送情况"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "应访样本",
                    "verbose_name_plural": "应访样本",
                    "ordering": [
                        "draw",
                        "cell__stratum__order",
                        "cell__order",
                        "cell",
                        "is_reserve",
                        "place",
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("draw", "member"), name="a_draw_names_a_member_once")
                    ],
                },
            ),
        ),
        migrations.RunPython(keep_no_statistics, migrations.RunPython.noop),
    ]
