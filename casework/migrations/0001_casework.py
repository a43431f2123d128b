import django.db.models.deletion
import django.db.models.expressions
import office.files.stored
from django.conf import settings
from django.db import migrations, models

from office.create_models import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("departments", "0009_notices"),
        ("office", "0011_casework"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="ListVersion",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[("positive", "正面清单"), ("negative", "负面清单")],
                            max_length=16,
                            verbose_name="清单",
                        ),
                    ),
                    ("version", models.PositiveIntegerField(verbose_name="版次")),
                    (
                        "state",
                        models.CharField(
                            choices=[("draft", "起草"), ("approved", "已审核"), ("published", "已公布")],
                            default="draft",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("number", models.CharField(blank=True, max_length=80, verbose_name="文号")),
                    ("in_force_from", models.DateField(blank=True, null=True, verbose_name="施行日期")),
                    ("published_on", models.DateField(blank=True, null=True, verbose_name="公布日期")),
                    (
                        "approved_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="审核人",
                        ),
                    ),
                    (
                        "drafted_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="起草人",
                        ),
                    ),
                    (
                        "published_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="公布人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "行为清单",
                    "verbose_name_plural": "行为清单",
                    "ordering": ["kind", "-version"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("kind", "version"), name="a_list_has_each_version_once"
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "published"), _negated=True),
                            fields=("kind",),
                            name="one_version_of_a_list_is_prepared",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "published")),
                            fields=("kind", "in_force_from"),
                            name="one_version_of_a_list_begins_on_a_day",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("approved_by__isnull", True),
                                models.Q(("approved_by", models.F("drafted_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="a_list_is_approved_by_another",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "published"), _negated=True),
                                models.Q(
                                    ("approved_by__isnull", False),
                                    ("in_force_from__isnull", False),
                                    models.Q(("number", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="a_published_list_has_number_and_day",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ListEntry",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.PositiveIntegerField(verbose_name="条目")),
                    ("text", models.CharField(max_length=500, verbose_name="内容")),
                    ("basis", models.CharField(max_length=200, verbose_name="依据条款")),
                    ("needs_report", models.BooleanField(default=False, verbose_name="须报告")),
                    (
                        "version",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="entries",
                            to="casework.listversion",
                            verbose_name="行为清单",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "清单条目",
                    "verbose_name_plural": "清单条目",
                    "ordering": ["version", "number"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("version", "number"), name="an_entry_has_its_own_number"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Plate",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "place",
                        models.CharField(
                            help_text="例如：城东工业园北门。", max_length=80, verbose_name="放置地点"
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("enterprise", "企业监测点"),
                                ("hall", "办事大厅"),
                                ("public", "公共场所"),
                            ],
                            default="enterprise",
                            max_length=16,
                            verbose_name="地点类别",
                        ),
                    ),
                    (
                        "code",
                        models.CharField(editable=False, max_length=16, unique=True, verbose_name="牌码"),
                    ),
                    ("valid_from", models.DateField(verbose_name="启用日期")),
                    ("ended_on", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                    ("ended_reason", models.CharField(blank=True, max_length=120, verbose_name="停用原因")),
                    (
                        "replaces",
                        models.OneToOneField(
                            blank=True,
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="replaced_by",
                            to="casework.plate",
                            verbose_name="替换的牌",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "监督评议牌",
                    "verbose_name_plural": "监督评议牌",
                    "ordering": ["place", "id"],
                },
            ),
            migrations.CreateModel(
                name="ProcedureVersion",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("procedure_id", models.CharField(max_length=64, verbose_name="规程编号")),
                    ("title", models.CharField(max_length=200, verbose_name="规程名称")),
                    ("text", models.TextField(verbose_name="规程文本")),
                    ("sha256", models.CharField(max_length=64, unique=True, verbose_name="摘要")),
                    ("is_active", models.BooleanField(default=True, verbose_name="在用")),
                    (
                        "own_intake",
                        models.BooleanField(
                            default=True,
                            help_text="上级平台统一受理的取消勾选，只导入上级平台的事项。",
                            verbose_name="自行受理",
                        ),
                    ),
                    (
                        "intake_since",
                        models.DateField(blank=True, null=True, verbose_name="自行受理开启或者关闭日期"),
                    ),
                    (
                        "intake_reason",
                        models.CharField(blank=True, max_length=200, verbose_name="自行受理开启或者关闭理由"),
                    ),
                    ("loaded_at", models.DateTimeField(auto_now_add=True, verbose_name="载入时间")),
                ],
                options={
                    "verbose_name": "办理规程版本",
                    "verbose_name_plural": "办理规程版本",
                    "ordering": ["procedure_id", "-id"],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("is_active", True)),
                            fields=("procedure_id",),
                            name="one_version_of_a_procedure_is_in_use",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Matter",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("procedure_id", models.CharField(max_length=64, verbose_name="规程编号")),
                    ("year", models.PositiveIntegerField(verbose_name="年度")),
                    ("serial", models.PositiveIntegerField(verbose_name="序号")),
                    ("number", models.CharField(max_length=40, unique=True, verbose_name="编号")),
                    (
                        "higher_number",
                        models.CharField(blank=True, max_length=60, verbose_name="上级平台编号"),
                    ),
                    (
                        "source",
                        models.CharField(help_text="规程所列渠道。", max_length=32, verbose_name="来源"),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("held", "待核"),
                                ("registered", "待受理"),
                                ("refusing", "拟不予受理"),
                                ("refused", "不予受理"),
                                ("accepted", "待研判"),
                                ("judged", "待交办"),
                                ("assigned", "办理中"),
                                ("replied", "已回复"),
                                ("completed", "待告知"),
                                ("calling", "待回访"),
                                ("closing", "待办结"),
                                ("referred", "提交领导小组"),
                                ("closed", "已办结"),
                                ("reviewing", "复核中"),
                                ("withdrawn", "已撤回"),
                                ("merged", "已并案"),
                                ("transferred", "已移送"),
                            ],
                            default="registered",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("title", models.CharField(max_length=120, verbose_name="事项名称")),
                    ("text", models.TextField(max_length=5000, verbose_name="反映内容")),
                    ("fields", models.JSONField(blank=True, default=dict, verbose_name="登记项目")),
                    ("is_anonymous", models.BooleanField(default=False, verbose_name="匿名")),
                    (
                        "code_mark",
                        models.CharField(
                            blank=True, editable=False, max_length=64, verbose_name="查询码印记"
                        ),
                    ),
                    (
                        "text_mark",
                        models.CharField(
                            blank=True, db_index=True, editable=False, max_length=64, verbose_name="内容印记"
                        ),
                    ),
                    ("category", models.CharField(max_length=32, verbose_name="类别")),
                    ("first_category", models.CharField(max_length=32, verbose_name="最初类别")),
                    ("received_at", models.DateTimeField(verbose_name="收到时间")),
                    ("received_on", models.DateField(verbose_name="收到日期")),
                    ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="受理时间")),
                    ("accepted_by_silence", models.BooleanField(default=False, verbose_name="逾期视为受理")),
                    ("refusal", models.CharField(blank=True, max_length=64, verbose_name="不予受理事由")),
                    (
                        "refusal_reason",
                        models.CharField(blank=True, max_length=500, verbose_name="不予受理说明"),
                    ),
                    ("opinion", models.CharField(blank=True, max_length=500, verbose_name="研判意见")),
                    ("cause", models.CharField(blank=True, max_length=40, verbose_name="原因类别")),
                    ("finding", models.CharField(blank=True, max_length=32, verbose_name="是否属实")),
                    ("outcome", models.CharField(blank=True, max_length=32, verbose_name="办理结果")),
                    ("times_reopened", models.PositiveIntegerField(default=0, verbose_name="重办次数")),
                    ("hand_backs", models.PositiveIntegerField(default=0, verbose_name="退回次数")),
                    (
                        "referred_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="提交领导小组时间"),
                    ),
                    (
                        "referred_why",
                        models.CharField(blank=True, max_length=200, verbose_name="提交领导小组的缘由"),
                    ),
                    ("satisfaction", models.CharField(blank=True, max_length=40, verbose_name="回访评价")),
                    ("is_satisfied", models.BooleanField(blank=True, null=True, verbose_name="是否满意")),
                    ("is_reached", models.BooleanField(blank=True, null=True, verbose_name="回访接通")),
                    ("is_solved", models.BooleanField(default=False, verbose_name="已解决")),
                    ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="告知时间")),
                    ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="办结时间")),
                    (
                        "next_due_at",
                        models.DateTimeField(blank=True, editable=False, null=True, verbose_name="最近截止"),
                    ),
                    (
                        "about",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="matters_about",
                            to="departments.department",
                            verbose_name="涉及单位",
                        ),
                    ),
                    (
                        "countersigned_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="会签人",
                        ),
                    ),
                    (
                        "follows",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="followed_by",
                            to="casework.matter",
                            verbose_name="关联的原事项",
                        ),
                    ),
                    (
                        "merged_into",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="merged_ones",
                            to="casework.matter",
                            verbose_name="并入",
                        ),
                    ),
                    (
                        "refusal_confirmed_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="审核不予受理",
                        ),
                    ),
                    (
                        "refusal_proposed_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="提出不予受理",
                        ),
                    ),
                    (
                        "registered_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="登记人",
                        ),
                    ),
                    (
                        "plate",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="matters",
                            to="casework.plate",
                            verbose_name="监督评议牌",
                        ),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="matters",
                            to="casework.procedureversion",
                            verbose_name="办理规程",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "事项",
                    "verbose_name_plural": "事项",
                    "ordering": ["-id"],
                    "indexes": [
                        models.Index(fields=["procedure_id", "state", "-id"], name="matters_by_state"),
                        models.Index(fields=["about", "received_on"], name="matters_about_a_unit"),
                        models.Index(fields=["higher_number"], name="matters_by_higher_number"),
                        models.Index(
                            condition=models.Q(("referred_at__isnull", False)),
                            fields=["referred_at"],
                            name="matters_that_were_referred",
                        ),
                        models.Index(fields=["next_due_at", "id"], name="matters_by_what_is_due"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("procedure_id", "year", "serial"), name="a_matter_has_its_own_serial"
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("higher_number", ""), _negated=True),
                            fields=("procedure_id", "higher_number"),
                            name="a_higher_number_counts_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("merged_into", models.F("id")), _negated=True),
                            name="no_matter_is_merged_with_itself",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("refusal_confirmed_by__isnull", True),
                                models.Q(
                                    ("refusal_confirmed_by", models.F("refusal_proposed_by")), _negated=True
                                ),
                                _connector="OR",
                            ),
                            name="a_refusal_is_confirmed_by_another",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "referred"), _negated=True),
                                ("referred_at__isnull", False),
                                _connector="OR",
                            ),
                            name="what_was_referred_has_its_moment",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("merged_into__isnull", False), ("state", "merged")),
                                models.Q(
                                    models.Q(("state", "merged"), _negated=True),
                                    ("merged_into__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="a_merged_matter_has_one_that_goes_on",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Assignment",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("cycle", models.PositiveIntegerField(default=0, verbose_name="第几次办理")),
                    ("is_lead", models.BooleanField(default=True, verbose_name="主办")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("waiting", "待签收"),
                                ("in_hand", "办理中"),
                                ("replied", "已回复"),
                                ("completed", "已办成"),
                                ("handed_back", "已退回"),
                                ("taken_back", "已收回"),
                            ],
                            default="waiting",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("demands", models.CharField(blank=True, max_length=500, verbose_name="办理要求")),
                    ("assigned_at", models.DateTimeField(verbose_name="交办时间")),
                    ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="签收时间")),
                    (
                        "contacted_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="联系反映人时间"),
                    ),
                    ("replied_at", models.DateTimeField(blank=True, null=True, verbose_name="回复时间")),
                    ("reply", models.TextField(blank=True, max_length=5000, verbose_name="办理情况")),
                    ("law", models.CharField(blank=True, max_length=300, verbose_name="依据条款")),
                    ("promised_on", models.DateField(blank=True, null=True, verbose_name="后续承诺日")),
                    (
                        "proposed_outcome",
                        models.CharField(blank=True, max_length=32, verbose_name="拟办理结果"),
                    ),
                    ("completed_at", models.DateTimeField(blank=True, null=True, verbose_name="办成时间")),
                    (
                        "completion",
                        models.TextField(blank=True, max_length=5000, verbose_name="后续办理情况"),
                    ),
                    (
                        "ended_reason",
                        models.CharField(blank=True, max_length=500, verbose_name="退回（收回）理由"),
                    ),
                    (
                        "ended_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="退回（收回）时间"),
                    ),
                    (
                        "assigned_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="交办人",
                        ),
                    ),
                    (
                        "replied_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="回复人",
                        ),
                    ),
                    (
                        "signed_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="签收人",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="assignments",
                            to="departments.department",
                            verbose_name="承办单位",
                        ),
                    ),
                    (
                        "matter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="assignments",
                            to="casework.matter",
                            verbose_name="事项",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "交办",
                    "verbose_name_plural": "交办",
                    "ordering": ["id"],
                    "indexes": [models.Index(fields=["unit", "state"], name="assignments_of_a_unit")],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ["waiting", "in_hand", "replied", "completed"])),
                            fields=("matter", "unit", "cycle"),
                            name="a_unit_has_a_matter_once",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="CoveredObject",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("kind", models.CharField(max_length=32, verbose_name="类别")),
                    ("name", models.CharField(max_length=100, verbose_name="名称")),
                    (
                        "credit_code",
                        models.CharField(blank=True, max_length=18, verbose_name="统一社会信用代码"),
                    ),
                    ("address", models.CharField(blank=True, max_length=120, verbose_name="地址")),
                    ("active_from", models.DateField(verbose_name="纳入日期")),
                    ("ended_on", models.DateField(blank=True, null=True, verbose_name="退出日期")),
                    (
                        "code_mark",
                        models.CharField(
                            blank=True, editable=False, max_length=64, verbose_name="确认码印记"
                        ),
                    ),
                    (
                        "code_given_at",
                        models.DateTimeField(
                            blank=True, editable=False, null=True, verbose_name="确认码发放时间"
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
                            verbose_name="镇（街）",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "挂联对象",
                    "verbose_name_plural": "挂联对象",
                    "ordering": ["kind", "name", "id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("kind", "name"), name="a_covered_object_has_a_name_of_its_own"
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("credit_code", ""), _negated=True),
                            fields=("credit_code",),
                            name="a_firm_is_covered_once",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("code_mark", ""), _negated=True),
                            fields=("code_mark",),
                            name="a_firms_code_opens_one_firm",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("ended_on__isnull", True),
                                ("ended_on__gte", models.F("active_from")),
                                _connector="OR",
                            ),
                            name="an_object_ends_after_it_began",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Episode",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("held_on", models.DateField(verbose_name="播出日期")),
                    ("medium", models.CharField(max_length=40, verbose_name="媒体")),
                    ("theme", models.CharField(max_length=120, verbose_name="主题")),
                    (
                        "entered_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="登记人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "媒体问政",
                    "verbose_name_plural": "媒体问政",
                    "ordering": ["-held_on", "-id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("held_on", "theme"), name="an_episode_is_entered_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Appearance",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "post",
                        models.CharField(
                            help_text="只写职务，不写姓名。例如：局长。",
                            max_length=60,
                            verbose_name="出场职务",
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[("answers", "解答政策、承诺服务"), ("exposes", "自曝问题、承诺整改")],
                            max_length=16,
                            verbose_name="出场类型",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="appearances",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                    (
                        "episode",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="appearances",
                            to="casework.episode",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "出场单位",
                    "verbose_name_plural": "出场单位",
                    "ordering": ["id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("episode", "unit", "post"), name="a_post_appears_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Film",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("title", models.CharField(max_length=80, verbose_name="片名")),
                    ("problem", models.CharField(max_length=300, verbose_name="反映的问题")),
                    (
                        "episode",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="films",
                            to="casework.episode",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="films",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "短片",
                    "verbose_name_plural": "短片",
                    "ordering": ["id"],
                },
            ),
            migrations.CreateModel(
                name="FirmQuestionnaire",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("title", models.CharField(max_length=80, verbose_name="名称")),
                    ("version", models.PositiveIntegerField(verbose_name="版本")),
                    ("questions", models.JSONField(verbose_name="问题")),
                    ("is_active", models.BooleanField(default=True, verbose_name="在用")),
                    ("made_at", models.DateTimeField(verbose_name="制定时间")),
                ],
                options={
                    "verbose_name": "需求调查表",
                    "verbose_name_plural": "需求调查表",
                    "ordering": ["-version"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("version",), name="a_questionnaire_version_is_unique"
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("is_active", True)),
                            fields=("is_active",),
                            name="one_questionnaire_is_in_use",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="HallQuestion",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("text", models.CharField(max_length=300, verbose_name="问题")),
                    ("answer", models.CharField(blank=True, max_length=500, verbose_name="现场答复")),
                    (
                        "episode",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="questions",
                            to="casework.episode",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="hall_questions",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "现场提问",
                    "verbose_name_plural": "现场提问",
                    "ordering": ["id"],
                },
            ),
            migrations.CreateModel(
                name="ContactReport",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("reported_at", models.DateTimeField(verbose_name="报告时间")),
                    ("happens_at", models.DateTimeField(verbose_name="接触时间")),
                    (
                        "kind",
                        models.CharField(
                            choices=[("before", "事前报告"), ("after", "事后补报"), ("late", "逾期补报")],
                            max_length=16,
                            verbose_name="性质",
                        ),
                    ),
                    ("why", models.CharField(blank=True, max_length=400, verbose_name="期限说明")),
                    ("firm", models.CharField(max_length=120, verbose_name="企业")),
                    ("occasion", models.CharField(max_length=200, verbose_name="事由")),
                    ("meal", models.CharField(max_length=40, verbose_name="用餐")),
                    (
                        "reported_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="报告人",
                        ),
                    ),
                    (
                        "entry",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="contacts",
                            to="casework.listentry",
                            verbose_name="清单条目",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "接触报告",
                    "verbose_name_plural": "接触报告",
                    "ordering": ["-id"],
                    "indexes": [models.Index(fields=["reported_by", "-id"], name="contacts_of_a_reporter")],
                },
            ),
            migrations.CreateModel(
                name="HigherRecord",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("channel", models.CharField(max_length=32, verbose_name="来源")),
                    ("brought_it", models.BooleanField(default=False, verbose_name="由导入登记")),
                    ("state", models.CharField(blank=True, max_length=40, verbose_name="上级平台状态")),
                    ("closed_on", models.DateField(blank=True, null=True, verbose_name="上级平台办结日期")),
                    (
                        "unit_name",
                        models.CharField(blank=True, max_length=80, verbose_name="上级平台所列单位"),
                    ),
                    ("first_seen_at", models.DateTimeField(verbose_name="首次导入时间")),
                    ("seen_at", models.DateTimeField(verbose_name="最近更新时间")),
                    (
                        "matter",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="higher",
                            to="casework.matter",
                            verbose_name="事项",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "上级平台记录",
                    "verbose_name_plural": "上级平台记录",
                    "ordering": ["-id"],
                },
            ),
            migrations.CreateModel(
                name="Clock",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("cycle", models.PositiveIntegerField(default=0, verbose_name="第几次办理")),
                    ("rule", models.CharField(max_length=64, verbose_name="时限规则")),
                    ("label", models.CharField(max_length=40, verbose_name="时限")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("running", "计时中"),
                                ("stopped", "停计"),
                                ("met", "已完成"),
                                ("void", "不再计时"),
                            ],
                            default="running",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("event", models.CharField(max_length=40, verbose_name="起算事件")),
                    ("began_at", models.DateTimeField(verbose_name="起算时间")),
                    ("count", models.PositiveIntegerField(verbose_name="数量")),
                    ("unit", models.CharField(max_length=16, verbose_name="单位")),
                    ("ends", models.CharField(max_length=16, verbose_name="截止于")),
                    ("pauses", models.JSONField(blank=True, default=list, verbose_name="停计期间")),
                    ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="截止时间")),
                    ("why", models.CharField(max_length=400, verbose_name="说明")),
                    ("is_provisional", models.BooleanField(default=False, verbose_name="待节假日安排确定")),
                    ("rests_on", models.JSONField(blank=True, default=dict, verbose_name="依据")),
                    ("met_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
                    ("is_late", models.BooleanField(blank=True, null=True, verbose_name="逾期")),
                    ("extended", models.PositiveIntegerField(default=0, verbose_name="延期次数")),
                    ("first_due_at", models.DateTimeField(blank=True, null=True, verbose_name="原截止时间")),
                    ("asked_at", models.DateTimeField(blank=True, null=True, verbose_name="申请延期时间")),
                    (
                        "asked_reason",
                        models.CharField(blank=True, max_length=500, verbose_name="申请延期理由"),
                    ),
                    ("reminded", models.PositiveIntegerField(default=0, verbose_name="已提醒至（%）")),
                    ("followed", models.JSONField(blank=True, default=list, verbose_name="逾期后已做")),
                    (
                        "follow_at",
                        models.DateTimeField(
                            blank=True, editable=False, null=True, verbose_name="下次查看时间"
                        ),
                    ),
                    (
                        "asked_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="申请延期人",
                        ),
                    ),
                    (
                        "assignment",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="clocks",
                            to="casework.assignment",
                            verbose_name="交办",
                        ),
                    ),
                    (
                        "matter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="clocks",
                            to="casework.matter",
                            verbose_name="事项",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "时限",
                    "verbose_name_plural": "时限",
                    "ordering": ["due_at", "id"],
                    "indexes": [
                        models.Index(fields=["state", "due_at"], name="clocks_by_end"),
                        models.Index(
                            condition=models.Q(("state", "running")),
                            fields=["matter", "due_at"],
                            name="running_clocks_of_a_matter",
                        ),
                        models.Index(fields=["rule", "due_at"], name="clocks_of_a_month"),
                        models.Index(fields=["is_provisional", "state"], name="clocks_that_wait_for_a_year"),
                        models.Index(
                            condition=models.Q(("state", "running")),
                            fields=["follow_at"],
                            name="clocks_to_look_at_next",
                        ),
                        models.Index(
                            condition=models.Q(("asked_at__isnull", False)),
                            fields=["asked_at"],
                            name="clocks_asked_to_extend",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(
                                ("assignment__isnull", True), ("state__in", ["running", "stopped"])
                            ),
                            fields=("matter", "rule"),
                            name="a_clock_of_a_matter_runs_once",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(
                                ("assignment__isnull", False), ("state__in", ["running", "stopped"])
                            ),
                            fields=("assignment", "rule"),
                            name="a_clock_of_an_assignment_runs_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("due_at__isnull", False),
                                models.Q(("state", "running"), _negated=True),
                                _connector="OR",
                            ),
                            name="a_running_clock_has_an_end",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CallBack",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("cycle", models.PositiveIntegerField(default=0, verbose_name="第几次办理")),
                    ("at", models.DateTimeField(verbose_name="时间")),
                    ("on", models.DateField(verbose_name="日期")),
                    ("way", models.CharField(max_length=40, verbose_name="方式")),
                    ("is_reached", models.BooleanField(verbose_name="接通")),
                    ("answers", models.JSONField(blank=True, default=dict, verbose_name="回答")),
                    ("remark", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                    (
                        "by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="回访人",
                        ),
                    ),
                    (
                        "matter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="call_backs",
                            to="casework.matter",
                            verbose_name="事项",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "回访",
                    "verbose_name_plural": "回访",
                    "ordering": ["id"],
                },
            ),
            migrations.CreateModel(
                name="MatterEvent",
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
                            choices=[
                                ("held", "列为待核"),
                                ("released", "核实放行"),
                                ("registered", "登记"),
                                ("accepted", "受理"),
                                ("refusal_proposed", "提出不予受理"),
                                ("refusal_returned", "不同意不予受理"),
                                ("refused", "不予受理"),
                                ("judged", "研判"),
                                ("assigned", "交办"),
                                ("signed", "签收"),
                                ("handed_back", "退回"),
                                ("taken_back", "收回交办"),
                                ("contacted", "联系反映人"),
                                ("stopped", "通知补正"),
                                ("resumed", "补正完成"),
                                ("extension_asked", "申请延期"),
                                ("extended", "同意延期"),
                                ("extension_refused", "不同意延期"),
                                ("replied", "回复"),
                                ("completed", "办成"),
                                ("returned", "退回重新办理"),
                                ("countersigned", "会签"),
                                ("told", "告知反映人"),
                                ("called", "回访未接通"),
                                ("called_back", "回访"),
                                ("reopened", "重办"),
                                ("referred", "提交领导小组"),
                                ("decided", "领导小组批示"),
                                ("reminded", "提醒"),
                                ("chased", "催办"),
                                ("supervised", "督办"),
                                ("rose", "升牌"),
                                ("recolored", "调整类别"),
                                ("merged", "并案"),
                                ("repeated", "重复反映"),
                                ("transferred", "移送"),
                                ("taken_over", "移送接收"),
                                ("withdrawn", "撤回"),
                                ("review_asked", "申请复核"),
                                ("reviewed", "复核决定"),
                                ("opened", "查看反映人身份"),
                                ("closed", "办结"),
                                ("noted", "备注"),
                            ],
                            max_length=24,
                            verbose_name="办理",
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="时间")),
                    ("text", models.CharField(blank=True, max_length=1000, verbose_name="说明")),
                    ("data", models.JSONField(blank=True, default=dict, verbose_name="数据")),
                    (
                        "assignment",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="events",
                            to="casework.assignment",
                            verbose_name="交办",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="办理人",
                        ),
                    ),
                    (
                        "matter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="events",
                            to="casework.matter",
                            verbose_name="事项",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "事项办理记录",
                    "verbose_name_plural": "事项办理记录",
                    "ordering": ["id"],
                    "indexes": [models.Index(fields=["act", "at"], name="matter_events_by_act")],
                },
            ),
            migrations.CreateModel(
                name="MatterFile",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[("reported", "反映材料"), ("proof", "办理佐证")],
                            max_length=16,
                            verbose_name="种类",
                        ),
                    ),
                    (
                        "file",
                        models.FileField(
                            max_length=200,
                            storage=office.files.stored.private,
                            upload_to="matters/",
                            verbose_name="文件",
                        ),
                    ),
                    ("name", models.CharField(max_length=120, verbose_name="名称")),
                    ("to_unit", models.BooleanField(default=True, verbose_name="承办单位可见")),
                    ("added_on", models.DateField(verbose_name="提交日期")),
                    (
                        "added_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="提交人",
                        ),
                    ),
                    (
                        "assignment",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="files",
                            to="casework.assignment",
                            verbose_name="交办",
                        ),
                    ),
                    (
                        "matter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="files",
                            to="casework.matter",
                            verbose_name="事项",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "事项附件",
                    "verbose_name_plural": "事项附件",
                    "ordering": ["id"],
                },
            ),
            migrations.CreateModel(
                name="MonthReview",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("month", models.DateField(unique=True, verbose_name="月份")),
                    ("held_on", models.DateField(verbose_name="讲评日期")),
                    ("figures", models.JSONField(default=dict, verbose_name="数据")),
                    ("ended_at", models.DateTimeField(verbose_name="结束时间")),
                    (
                        "ended_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="结束人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "讲评会",
                    "verbose_name_plural": "讲评会",
                    "ordering": ["-month"],
                },
            ),
            migrations.CreateModel(
                name="PanelVote",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("size", models.PositiveIntegerField(verbose_name="评议团人数")),
                    ("satisfied", models.PositiveIntegerField(verbose_name="满意")),
                    ("fairly", models.PositiveIntegerField(verbose_name="基本满意")),
                    ("unsatisfied", models.PositiveIntegerField(verbose_name="不满意")),
                    ("keyed_at", models.DateTimeField(verbose_name="录入时间")),
                    ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="复核时间")),
                    (
                        "confirmed_by",
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
                        "episode",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="votes",
                            to="casework.episode",
                        ),
                    ),
                    (
                        "keyed_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="录入人",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="panel_votes",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "评议团表决",
                    "verbose_name_plural": "评议团表决",
                    "ordering": ["id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("episode", "unit"), name="a_panel_votes_once_on_a_unit"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "size__gte",
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("satisfied"), "+", models.F("fairly")
                                        ),
                                        "+",
                                        models.F("unsatisfied"),
                                    ),
                                )
                            ),
                            name="no_more_votes_than_the_panel_has",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("confirmed_by__isnull", True),
                                models.Q(("confirmed_by", models.F("keyed_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="a_vote_is_confirmed_by_another",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="MonthFigures",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("procedure_id", models.CharField(max_length=64, verbose_name="规程编号")),
                    ("month", models.DateField(help_text="当月第一天。", verbose_name="月份")),
                    ("number", models.PositiveIntegerField(default=1, verbose_name="版次")),
                    ("figures", models.JSONField(verbose_name="数字")),
                    ("sha256", models.CharField(max_length=64, verbose_name="摘要")),
                    ("closed_at", models.DateTimeField(verbose_name="结账时间")),
                    ("reason", models.CharField(blank=True, max_length=300, verbose_name="重新结账的原因")),
                    (
                        "closed_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="结账人",
                        ),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="months",
                            to="casework.procedureversion",
                            verbose_name="办理规程",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "事项月度数字",
                    "verbose_name_plural": "事项月度数字",
                    "ordering": ["-month", "procedure_id", "-number"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("procedure_id", "month", "number"),
                            name="a_month_is_closed_once_a_version",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("number", 1), models.Q(("reason", ""), _negated=True), _connector="OR"
                            ),
                            name="a_month_is_closed_again_for_a_reason",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Promise",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("text", models.CharField(max_length=500, verbose_name="承诺内容")),
                    ("promised_on", models.DateField(verbose_name="承诺日期")),
                    ("reason", models.CharField(blank=True, max_length=300, verbose_name="变更理由")),
                    ("done_on", models.DateField(blank=True, null=True, verbose_name="兑现日期")),
                    ("entered_at", models.DateTimeField(verbose_name="登记时间")),
                    (
                        "clock",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="promise",
                            to="casework.clock",
                            verbose_name="时限",
                        ),
                    ),
                    (
                        "entered_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="登记人",
                        ),
                    ),
                    (
                        "episode",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="promises",
                            to="casework.episode",
                            verbose_name="媒体问政",
                        ),
                    ),
                    (
                        "first",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="later_ones",
                            to="casework.promise",
                            verbose_name="最先的承诺",
                        ),
                    ),
                    (
                        "follows",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="followed_by",
                            to="casework.promise",
                            verbose_name="变更的承诺",
                        ),
                    ),
                    (
                        "matter",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="promise",
                            to="casework.matter",
                            verbose_name="事项",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="promises",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "公开承诺",
                    "verbose_name_plural": "公开承诺",
                    "ordering": ["-id"],
                    "indexes": [models.Index(fields=["first", "id"], name="promises_of_a_chain")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("clock__isnull", False),
                                    ("first__isnull", True),
                                    ("follows__isnull", True),
                                    ("matter__isnull", False),
                                ),
                                models.Q(
                                    ("first__isnull", False),
                                    ("follows__isnull", False),
                                    ("matter__isnull", True),
                                    ("clock__isnull", True),
                                    ("done_on__isnull", True),
                                    models.Q(("reason", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="a_changed_promise_follows_with_a_reason",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="PromiseCheck",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("passes", models.BooleanField(verbose_name="已兑现")),
                    ("reported_on", models.DateField(verbose_name="单位报告日期")),
                    ("finding", models.CharField(max_length=500, verbose_name="核验情况")),
                    (
                        "evidence",
                        models.FileField(
                            blank=True,
                            max_length=200,
                            storage=office.files.stored.private,
                            upload_to="promises/",
                            verbose_name="佐证",
                        ),
                    ),
                    ("evidence_name", models.CharField(blank=True, max_length=120, verbose_name="佐证名称")),
                    ("at", models.DateTimeField(verbose_name="核验时间")),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="核验人",
                        ),
                    ),
                    (
                        "promise",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="checks",
                            to="casework.promise",
                            verbose_name="公开承诺",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "承诺核验",
                    "verbose_name_plural": "承诺核验",
                    "ordering": ["id"],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("passes", True)),
                            fields=("promise",),
                            name="a_promise_is_done_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("passes", False), models.Q(("evidence", ""), _negated=True), _connector="OR"
                            ),
                            name="a_promise_is_done_with_evidence",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Reporter",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("sealed", models.TextField(editable=False, verbose_name="密封的身份")),
                    (
                        "phone_mark",
                        models.CharField(
                            blank=True, db_index=True, editable=False, max_length=64, verbose_name="电话印记"
                        ),
                    ),
                    ("may_be_named", models.BooleanField(default=False, verbose_name="可向承办单位提供身份")),
                    (
                        "matter",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="reporter",
                            to="casework.matter",
                            verbose_name="事项",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "反映人",
                    "verbose_name_plural": "反映人",
                },
            ),
            migrations.CreateModel(
                name="ReporterOpening",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="时间")),
                    ("reason", models.CharField(max_length=200, verbose_name="理由")),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="查看人",
                        ),
                    ),
                    (
                        "given_to",
                        models.ForeignKey(
                            blank=True,
                            help_text="经反映人同意，提供给承办单位的填写。",
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.department",
                            verbose_name="提供给",
                        ),
                    ),
                    (
                        "reporter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="openings",
                            to="casework.reporter",
                            verbose_name="反映人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "查看反映人身份",
                    "verbose_name_plural": "查看反映人身份",
                    "ordering": ["-id"],
                },
            ),
            migrations.CreateModel(
                name="Review",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "reviewed",
                        models.CharField(
                            choices=[
                                ("held", "待核"),
                                ("registered", "待受理"),
                                ("refusing", "拟不予受理"),
                                ("refused", "不予受理"),
                                ("accepted", "待研判"),
                                ("judged", "待交办"),
                                ("assigned", "办理中"),
                                ("replied", "已回复"),
                                ("completed", "待告知"),
                                ("calling", "待回访"),
                                ("closing", "待办结"),
                                ("referred", "提交领导小组"),
                                ("closed", "已办结"),
                                ("reviewing", "复核中"),
                                ("withdrawn", "已撤回"),
                                ("merged", "已并案"),
                                ("transferred", "已移送"),
                            ],
                            max_length=16,
                            verbose_name="复核前的状态",
                        ),
                    ),
                    ("reason", models.CharField(max_length=500, verbose_name="申请理由")),
                    ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                    (
                        "decision",
                        models.CharField(
                            blank=True,
                            choices=[("upheld", "维持原结果"), ("redo", "重新办理")],
                            max_length=16,
                            verbose_name="复核决定",
                        ),
                    ),
                    ("opinion", models.CharField(blank=True, max_length=500, verbose_name="复核意见")),
                    ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                    (
                        "asked_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="登记人",
                        ),
                    ),
                    (
                        "decided_by",
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
                        "matter",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="review",
                            to="casework.matter",
                            verbose_name="事项",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "复核",
                    "verbose_name_plural": "复核",
                    "ordering": ["-id"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("decided_at__isnull", True),
                                    ("decided_by__isnull", True),
                                    ("decision", ""),
                                ),
                                models.Q(
                                    models.Q(("decision", ""), _negated=True),
                                    ("decided_at__isnull", False),
                                    ("decided_by__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="a_decided_review_has_its_decision",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="SentForm",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "mark",
                        models.CharField(editable=False, max_length=64, unique=True, verbose_name="表单印记"),
                    ),
                    (
                        "matter",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="sent_form",
                            to="casework.matter",
                            verbose_name="事项",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "已提交的表单",
                    "verbose_name_plural": "已提交的表单",
                },
            ),
            migrations.CreateModel(
                name="ServiceOfficer",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("post", models.CharField(blank=True, max_length=80, verbose_name="职务")),
                    ("left_on", models.DateField(blank=True, null=True, verbose_name="离任日期")),
                    (
                        "unit",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.department",
                            verbose_name="所在单位",
                        ),
                    ),
                    (
                        "user",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="service_officer",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="账户",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "首席服务官",
                    "verbose_name_plural": "首席服务官",
                    "ordering": ["unit__order", "id"],
                },
            ),
            migrations.CreateModel(
                name="OfficerLink",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("from_day", models.DateField(verbose_name="挂联日期")),
                    ("to_day", models.DateField(blank=True, null=True, verbose_name="解除日期")),
                    ("reason", models.CharField(blank=True, max_length=200, verbose_name="解除原因")),
                    ("handover_due_at", models.DateTimeField(blank=True, null=True, verbose_name="接任截止")),
                    (
                        "handover_why",
                        models.CharField(blank=True, max_length=400, verbose_name="接任期限说明"),
                    ),
                    ("is_provisional", models.BooleanField(default=False, verbose_name="待节假日安排确定")),
                    (
                        "object",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="links",
                            to="casework.coveredobject",
                            verbose_name="挂联对象",
                        ),
                    ),
                    (
                        "deputy",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="deputy_links",
                            to="casework.serviceofficer",
                            verbose_name="替补",
                        ),
                    ),
                    (
                        "officer",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="links",
                            to="casework.serviceofficer",
                            verbose_name="首席服务官",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "挂联",
                    "verbose_name_plural": "挂联",
                    "ordering": ["-from_day", "-id"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("to_day__isnull", True),
                                ("to_day__gte", models.F("from_day")),
                                _connector="OR",
                            ),
                            name="a_link_ends_after_it_began",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("to_day__isnull", True), ("handover_due_at__isnull", False), _connector="OR"
                            ),
                            name="a_link_that_ended_has_a_handover",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("deputy__isnull", True),
                                models.Q(("deputy", models.F("officer")), _negated=True),
                                _connector="OR",
                            ),
                            name="nobody_is_their_own_deputy",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("to_day__isnull", True)),
                            fields=("object", "officer"),
                            name="an_officer_is_linked_with_an_object_once",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="FirmAnswer",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("on", models.DateField(verbose_name="日期")),
                    ("answers", models.JSONField(verbose_name="答复")),
                    (
                        "object",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="answers",
                            to="casework.coveredobject",
                            verbose_name="挂联对象",
                        ),
                    ),
                    (
                        "questionnaire",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="answers",
                            to="casework.firmquestionnaire",
                            verbose_name="需求调查表",
                        ),
                    ),
                    (
                        "officer",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="casework.serviceofficer",
                            verbose_name="代填的服务官",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "调查表答复",
                    "verbose_name_plural": "调查表答复",
                    "ordering": ["-on", "-id"],
                },
            ),
            migrations.CreateModel(
                name="Stop",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("first", models.DateField(verbose_name="通知日期")),
                    ("last", models.DateField(blank=True, null=True, verbose_name="补正日期")),
                    ("what", models.CharField(max_length=500, verbose_name="须补正的内容")),
                    ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="补正期限")),
                    (
                        "matter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="stops",
                            to="casework.matter",
                            verbose_name="事项",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "补正通知",
                    "verbose_name_plural": "补正通知",
                    "ordering": ["id"],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("last__isnull", True)),
                            fields=["due_at"],
                            name="stops_that_wait_for_an_answer",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("last__isnull", True), ("last__gte", models.F("first")), _connector="OR"
                            ),
                            name="a_stop_ends_after_it_began",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Transfer",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("to", models.CharField(max_length=64, verbose_name="接收机关类别")),
                    ("to_label", models.CharField(max_length=60, verbose_name="接收机关")),
                    ("reason", models.CharField(max_length=500, verbose_name="移送理由")),
                    ("letter_number", models.CharField(max_length=60, verbose_name="移送函编号")),
                    ("at", models.DateTimeField(verbose_name="移送时间")),
                    ("their_number", models.CharField(blank=True, max_length=60, verbose_name="接收编号")),
                    ("received_by", models.CharField(blank=True, max_length=60, verbose_name="接收签字人")),
                    ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="接收时间")),
                    (
                        "by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="移送签字人",
                        ),
                    ),
                    (
                        "matter",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="transfer",
                            to="casework.matter",
                            verbose_name="事项",
                        ),
                    ),
                    (
                        "noted_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="接收登记人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "移送",
                    "verbose_name_plural": "移送",
                    "ordering": ["-id"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("received_at__isnull", True),
                                models.Q(("received_by", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="both_sides_sign_a_transfer",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="TypicalCase",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("title", models.CharField(max_length=80, verbose_name="标题")),
                    (
                        "persons_shown",
                        models.CharField(
                            blank=True,
                            help_text="写作姓加“某”，几个人用顿号隔开。例如：张某、李某某。",
                            max_length=120,
                            verbose_name="人员",
                        ),
                    ),
                    ("facts", models.TextField(max_length=3000, verbose_name="事实和处理")),
                    ("decision_number", models.CharField(max_length=80, verbose_name="处理决定文号")),
                    ("decided_on", models.DateField(verbose_name="处理决定日期")),
                    ("body", models.CharField(max_length=80, verbose_name="决定机关")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("draft", "待同意"),
                                ("approved", "已同意公开"),
                                ("published", "已公布"),
                                ("withdrawn", "已撤下"),
                            ],
                            default="draft",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="同意时间")),
                    ("returned", models.CharField(blank=True, max_length=300, verbose_name="退回意见")),
                    ("shown_from", models.DateField(blank=True, null=True, verbose_name="公布日期")),
                    ("shown_until", models.DateField(blank=True, null=True, verbose_name="撤下日期")),
                    ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="提前撤下日期")),
                    (
                        "withdrawn_reason",
                        models.CharField(blank=True, max_length=300, verbose_name="撤下理由"),
                    ),
                    (
                        "approved_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="同意人",
                        ),
                    ),
                    (
                        "published_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="公布人",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="typical_cases",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                    (
                        "withdrawn_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="撤下人",
                        ),
                    ),
                    (
                        "written_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="起草人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "典型案例",
                    "verbose_name_plural": "典型案例",
                    "ordering": ["-shown_from", "-id"],
                    "indexes": [models.Index(fields=["state", "shown_until"], name="cases_that_are_shown")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("approved_by__isnull", True),
                                models.Q(("approved_by", models.F("written_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="a_case_is_approved_by_another",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "published"), _negated=True),
                                models.Q(
                                    ("approved_by__isnull", False),
                                    ("shown_from__isnull", False),
                                    ("shown_until__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="a_shown_case_has_leave_and_an_end",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="UnitReview",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("month", models.DateField(help_text="这个月的第一天。", verbose_name="月份")),
                    ("word", models.CharField(max_length=16, verbose_name="讲评")),
                    ("text", models.CharField(max_length=500, verbose_name="讲评意见")),
                    ("entered_at", models.DateTimeField(verbose_name="登记时间")),
                    (
                        "entered_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="登记人",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="monthly_reviews",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "月讲评",
                    "verbose_name_plural": "月讲评",
                    "ordering": ["-month", "unit__order", "id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("month", "unit"), name="a_unit_is_reviewed_once_a_month"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Visit",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("is_own", models.BooleanField(default=False, verbose_name="计入服务官")),
                    ("on", models.DateField(verbose_name="走访日期")),
                    (
                        "way",
                        models.CharField(
                            choices=[("on_site", "上门走访"), ("phone", "电话联系"), ("message", "微信联系")],
                            max_length=16,
                            verbose_name="方式",
                        ),
                    ),
                    ("met", models.CharField(max_length=32, verbose_name="会见人员身份")),
                    ("topics", models.JSONField(blank=True, default=list, verbose_name="询问内容")),
                    ("has_problem", models.BooleanField(default=False, verbose_name="有问题")),
                    ("summary", models.CharField(blank=True, max_length=500, verbose_name="走访情况")),
                    (
                        "photo",
                        models.ImageField(
                            blank=True,
                            storage=office.files.stored.private,
                            upload_to="visits/",
                            verbose_name="照片",
                        ),
                    ),
                    ("reason", models.CharField(blank=True, max_length=200, verbose_name="频繁走访的理由")),
                    ("in_month", models.PositiveIntegerField(default=0, verbose_name="当月第几次上门")),
                    ("counts_on", models.DateField(verbose_name="计入日期")),
                    ("is_late", models.BooleanField(default=False, verbose_name="逾期补录")),
                    ("entered_at", models.DateTimeField(verbose_name="录入时间")),
                    (
                        "answer",
                        models.CharField(
                            choices=[("waiting", "待企业确认"), ("true", "企业确认"), ("false", "企业否认")],
                            default="waiting",
                            max_length=16,
                            verbose_name="企业确认",
                        ),
                    ),
                    ("stars", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="评星")),
                    ("answered_on", models.DateField(blank=True, null=True, verbose_name="确认日期")),
                    (
                        "entered_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="录入人",
                        ),
                    ),
                    (
                        "object",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="visits",
                            to="casework.coveredobject",
                            verbose_name="挂联对象",
                        ),
                    ),
                    (
                        "officer",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="visits",
                            to="casework.serviceofficer",
                            verbose_name="走访的服务官",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            blank=True,
                            help_text="不是首席服务官走访的填写。",
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.department",
                            verbose_name="走访单位",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "走访",
                    "verbose_name_plural": "走访",
                    "ordering": ["-on", "-id"],
                    "indexes": [
                        models.Index(fields=["object", "on"], name="visits_of_an_object"),
                        models.Index(fields=["counts_on", "way"], name="visits_of_a_quarter"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("officer__isnull", False), ("unit__isnull", True)),
                                models.Q(
                                    ("is_own", False), ("officer__isnull", True), ("unit__isnull", False)
                                ),
                                _connector="OR",
                            ),
                            name="a_visit_is_an_officers_or_a_units",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("stars__isnull", True),
                                models.Q(("stars__gte", 1), ("stars__lte", 5)),
                                _connector="OR",
                            ),
                            name="a_visit_has_five_stars",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("answer", "waiting"), ("answered_on__isnull", False), _connector="OR"
                            ),
                            name="a_visit_was_answered_on_a_day",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("counts_on__gte", models.F("on"))),
                            name="a_visit_never_counts_before",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="VisitProblem",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("level", models.CharField(max_length=32, verbose_name="困难程度")),
                    ("wish", models.CharField(blank=True, max_length=300, verbose_name="企业诉求")),
                    ("may_be_named", models.BooleanField(default=False, verbose_name="企业同意公开名称")),
                    ("is_late", models.BooleanField(default=False, verbose_name="逾期上报")),
                    (
                        "matter",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="visit_problem",
                            to="casework.matter",
                            verbose_name="事项",
                        ),
                    ),
                    (
                        "owner",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="problems",
                            to="casework.serviceofficer",
                            verbose_name="负责的服务官",
                        ),
                    ),
                    (
                        "visit",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="problem",
                            to="casework.visit",
                            verbose_name="走访",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "走访问题",
                    "verbose_name_plural": "走访问题",
                    "ordering": ["-id"],
                },
            ),
            migrations.CreateModel(
                name="OfficerDeed",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("on", models.DateField(verbose_name="日期")),
                    ("text", models.CharField(max_length=300, verbose_name="做了什么")),
                    (
                        "officer",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="deeds",
                            to="casework.serviceofficer",
                            verbose_name="首席服务官",
                        ),
                    ),
                    (
                        "problem",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="deeds",
                            to="casework.visitproblem",
                            verbose_name="走访问题",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "服务官所做",
                    "verbose_name_plural": "服务官所做",
                    "ordering": ["id"],
                },
            ),
            migrations.CreateModel(
                name="WeeklyItem",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("week", models.DateField(help_text="这一周的星期一。", verbose_name="周")),
                    ("title", models.CharField(max_length=120, verbose_name="事项")),
                    ("text", models.CharField(max_length=500, verbose_name="要求")),
                    ("due_on", models.DateField(verbose_name="完成日期")),
                    ("assigned_on", models.DateField(blank=True, null=True, verbose_name="交办日期")),
                    ("done_on", models.DateField(blank=True, null=True, verbose_name="完成报告日期")),
                    ("finding", models.CharField(blank=True, max_length=300, verbose_name="核实情况")),
                    (
                        "assigned_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="交办人",
                        ),
                    ),
                    (
                        "checked_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="核实人",
                        ),
                    ),
                    (
                        "clock",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="weekly_item",
                            to="casework.clock",
                            verbose_name="时限",
                        ),
                    ),
                    (
                        "entered_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="登记人",
                        ),
                    ),
                    (
                        "matter",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="weekly_item",
                            to="casework.matter",
                            verbose_name="事项",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="weekly_items",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "周交办事项",
                    "verbose_name_plural": "周交办事项",
                    "ordering": ["-week", "id"],
                    "indexes": [models.Index(fields=["week", "unit"], name="items_of_a_week")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("checked_by__isnull", True),
                                models.Q(
                                    models.Q(("checked_by", models.F("entered_by")), _negated=True),
                                    models.Q(("checked_by", models.F("assigned_by")), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="an_item_is_checked_by_another",
                        )
                    ],
                },
            ),
        )
    ]
