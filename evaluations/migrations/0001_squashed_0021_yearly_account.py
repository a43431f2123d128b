"""All that the migrations up to 0021 lead to, for a database that has none of them.

What they did to rows that were there is left out, an empty database has none.
"""

import django.db.models.deletion
import office.files.stored
from django.conf import settings
from django.db import migrations, models
from office.create_models import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("evaluations", "0001_initial"),
        ("evaluations", "0002_nobody_signs_off_their_own_computation"),
        ("evaluations", "0003_returned_and_given_up"),
        ("evaluations", "0004_correction_of_published"),
        ("evaluations", "0005_corrected_before_appeals_noted_it"),
        ("evaluations", "0006_ballots_of_a_unit"),
        ("evaluations", "0007_words"),
        ("evaluations", "0008_channels"),
        ("evaluations", "0009_ledger"),
        ("evaluations", "0010_sheets"),
        ("evaluations", "0011_entries_and_interviews"),
        ("evaluations", "0012_superior_body"),
        ("evaluations", "0013_approved_by_the_leading_group"),
        ("evaluations", "0014_papers_of_appeals"),
        ("evaluations", "0015_draws_of_a_round"),
        ("evaluations", "0016_corrections"),
        ("evaluations", "0017_register_of_consequences"),
        ("evaluations", "0018_appeals"),
        ("evaluations", "0019_rectification"),
        ("evaluations", "0020_tolerance"),
        ("evaluations", "0021_yearly_account"),
    ]

    initial = True

    dependencies = [
        ("departments", "0009_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("surveys", "0017_samples_of_the_drawn"),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="SchemeVersion",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("scheme_id", models.CharField(max_length=64, verbose_name="方案编号")),
                    ("title", models.CharField(max_length=200, verbose_name="方案名称")),
                    ("sha256", models.CharField(max_length=64, unique=True, verbose_name="方案摘要")),
                    ("text", models.TextField(verbose_name="方案全文")),
                    ("is_active", models.BooleanField(default=False, verbose_name="启用")),
                ],
                options={
                    "verbose_name": "评价方案",
                    "verbose_name_plural": "评价方案",
                    "ordering": ["scheme_id", "-id"],
                },
            ),
            migrations.CreateModel(
                name="Round",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("title", models.CharField(max_length=120, verbose_name="轮次名称")),
                    (
                        "period",
                        models.CharField(
                            help_text="例如 2026-Q3；全年即 2026。", max_length=16, verbose_name="周期"
                        ),
                    ),
                    ("options", models.JSONField(blank=True, default=dict, verbose_name="口径调整")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("draft", "筹备"),
                                ("frozen", "名单已锁定"),
                                ("prepared", "已制票"),
                                ("open", "评价进行中"),
                                ("closed", "已截止"),
                                ("computed", "已计算"),
                                ("signed_off", "已审定"),
                                ("approved", "领导小组已批准"),
                                ("served", "已送达，申诉期内"),
                                ("appeals_ended", "申诉期已结束"),
                                ("published", "已公布"),
                                ("void", "已作废"),
                            ],
                            default="draft",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("base_date", models.DateField(verbose_name="名单基准日")),
                    (
                        "questions",
                        models.JSONField(
                            blank=True,
                            default=list,
                            help_text="每人被问的问题；留空即一个总体问题，以科室事项类别为题。",
                            verbose_name="评价问题",
                        ),
                    ),
                    (
                        "shares",
                        models.JSONField(
                            default=dict,
                            help_text="类别 → 百分比（三类合计 100）。",
                            verbose_name="评价主体占比",
                        ),
                    ),
                    (
                        "slips_plan",
                        models.JSONField(
                            blank=True,
                            default=dict,
                            help_text="镇街编号 → 类别 → 票数。",
                            verbose_name="各镇街票数",
                        ),
                    ),
                    (
                        "persons_public",
                        models.CharField(
                            choices=[
                                ("all", "全部人员"),
                                ("top_grades", "仅优秀、良好人员"),
                                ("none", "不公布个人结果"),
                            ],
                            default="top_grades",
                            max_length=16,
                            verbose_name="个人结果公布范围",
                        ),
                    ),
                    (
                        "persons_public_decision",
                        models.CharField(blank=True, max_length=120, verbose_name="公布依据（文号）"),
                    ),
                    ("opened_on", models.DateField(blank=True, null=True, verbose_name="开始评价")),
                    ("closed_on", models.DateField(blank=True, null=True, verbose_name="截止评价")),
                    ("served_on", models.DateField(blank=True, null=True, verbose_name="送达日期")),
                    ("appeals_until", models.DateField(blank=True, null=True, verbose_name="申诉截止")),
                    (
                        "appeals_waiver_decision",
                        models.CharField(blank=True, max_length=120, verbose_name="提前公布依据（文号）"),
                    ),
                    ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公布时间")),
                    (
                        "created_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="创建人",
                        ),
                    ),
                    (
                        "survey",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="surveys.survey",
                            verbose_name="评价表",
                        ),
                    ),
                    (
                        "scheme_version",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            to="evaluations.schemeversion",
                            verbose_name="评价方案",
                        ),
                    ),
                    ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="截止时间")),
                    ("void_reason", models.CharField(blank=True, max_length=200, verbose_name="作废原因")),
                    (
                        "correction_decision",
                        models.CharField(blank=True, max_length=120, verbose_name="更正公布的批准文号"),
                    ),
                    (
                        "correction_reason",
                        models.CharField(blank=True, max_length=200, verbose_name="更正公布的原因"),
                    ),
                    ("appeals_provisional", models.BooleanField(default=False, verbose_name="申诉截止暂定")),
                    (
                        "appeals_rest_on",
                        models.JSONField(
                            blank=True,
                            default=dict,
                            help_text="谁（unit、person）→ 起算、期限、日历和办公时间的版本。",
                            verbose_name="申诉期限的依据",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "轮次",
                    "verbose_name_plural": "轮次",
                    "ordering": ["-id"],
                },
            ),
            migrations.CreateModel(
                name="Result",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.PositiveIntegerField(default=1, verbose_name="第几次结果")),
                    ("reason", models.CharField(blank=True, max_length=200, verbose_name="更正原因")),
                    ("facts", models.JSONField(verbose_name="评价事实")),
                    ("outcome", models.JSONField(verbose_name="评价结论与推导")),
                    ("computed_at", models.DateTimeField(verbose_name="计算时间")),
                    ("signed_off_at", models.DateTimeField(blank=True, null=True, verbose_name="审定时间")),
                    (
                        "computed_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="计算人",
                        ),
                    ),
                    (
                        "replaces",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="replaced_by",
                            to="evaluations.result",
                            verbose_name="更正的结果",
                        ),
                    ),
                    (
                        "signed_off_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="审定人",
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="results",
                            to="evaluations.round",
                            verbose_name="轮次",
                        ),
                    ),
                    (
                        "scheme_version",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            to="evaluations.schemeversion",
                            verbose_name="评价方案",
                        ),
                    ),
                    ("return_reason", models.CharField(blank=True, max_length=200, verbose_name="退回原因")),
                    ("returned_at", models.DateTimeField(blank=True, null=True, verbose_name="退回时间")),
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
                        "ballots",
                        models.JSONField(
                            help_text="按单位，不足10张的不列；由旧版本计票的为空。",
                            null=True,
                            verbose_name="评价过各单位的选票张数",
                        ),
                    ),
                    ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="批准时间")),
                    (
                        "approved_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="批准人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "评价结果",
                    "verbose_name_plural": "评价结果",
                    "ordering": ["-id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("round", "number"), name="a_round_numbers_a_result_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("signed_off_by", models.F("computed_by")), _negated=True),
                            name="nobody_signs_off_their_own_computation",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("approved_by", models.F("computed_by")),
                                ("approved_by", models.F("signed_off_by")),
                                _connector="OR",
                                _negated=True,
                            ),
                            name="nobody_approves_what_they_computed_or_checked",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="RoundDepartment",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=80, verbose_name="单位名称")),
                    ("peer_group", models.CharField(max_length=40, verbose_name="系列（分组）")),
                    ("order", models.PositiveIntegerField(default=0, verbose_name="机构序列")),
                    (
                        "department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="departments",
                            to="evaluations.round",
                            verbose_name="轮次",
                        ),
                    ),
                    (
                        "superior_body",
                        models.CharField(blank=True, max_length=80, verbose_name="上级主管部门"),
                    ),
                    ("is_judged", models.BooleanField(default=True, verbose_name="参加评价")),
                    (
                        "reason_not_judged",
                        models.CharField(blank=True, max_length=120, verbose_name="不参评原因"),
                    ),
                ],
                options={
                    "verbose_name": "参评单位",
                    "verbose_name_plural": "参评单位",
                    "ordering": ["order", "id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("round", "department"), name="a_round_judges_a_department_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="RoundMember",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=40, verbose_name="姓名")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("principal_leader", "主要负责人"),
                                ("supervising_leader", "分管负责人"),
                                ("section_head", "科室负责人"),
                                ("other_leader", "其他负责人"),
                                ("staff", "工作人员"),
                            ],
                            max_length=24,
                            verbose_name="人员类别",
                        ),
                    ),
                    ("post", models.CharField(blank=True, max_length=80, verbose_name="职务（岗位）")),
                    ("section_name", models.CharField(max_length=60, verbose_name="科（室）名称")),
                    (
                        "topic",
                        models.CharField(
                            choices=[
                                ("approval", "审批服务"),
                                ("supervision", "监管监督"),
                                ("business", "业务办理"),
                            ],
                            max_length=16,
                            verbose_name="事项类别",
                        ),
                    ),
                    ("supervises", models.JSONField(blank=True, default=list, verbose_name="分管科室编号")),
                    ("is_judged", models.BooleanField(default=True, verbose_name="参加评价")),
                    (
                        "reason_not_judged",
                        models.CharField(blank=True, max_length=120, verbose_name="不参评原因"),
                    ),
                    ("order", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                    (
                        "round_department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="members",
                            to="evaluations.rounddepartment",
                            verbose_name="参评单位",
                        ),
                    ),
                    (
                        "section",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.section",
                            verbose_name="科（室）",
                        ),
                    ),
                    (
                        "staff_member",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.staffmember",
                            verbose_name="工作人员",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "参评人员",
                    "verbose_name_plural": "参评人员",
                    "ordering": ["round_department__order", "order", "id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("round_department", "staff_member"), name="a_round_lists_a_person_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Appeal",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("text", models.TextField(verbose_name="申诉事项")),
                    ("lodged_on", models.DateField(verbose_name="申诉日期")),
                    (
                        "state",
                        models.CharField(
                            choices=[("lodged", "待复核"), ("upheld", "予以采纳"), ("rejected", "不予采纳")],
                            default="lodged",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("decision", models.TextField(blank=True, verbose_name="复核理由")),
                    ("decided_on", models.DateField(blank=True, null=True, verbose_name="复核日期")),
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
                        "lodged_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="登记人",
                        ),
                    ),
                    (
                        "result",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="appeals",
                            to="evaluations.result",
                            verbose_name="所诉结果",
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="appeals",
                            to="evaluations.round",
                            verbose_name="轮次",
                        ),
                    ),
                    (
                        "round_department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="appeals",
                            to="evaluations.rounddepartment",
                            verbose_name="参评单位",
                        ),
                    ),
                    (
                        "round_member",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="appeals",
                            to="evaluations.roundmember",
                            verbose_name="参评人员",
                        ),
                    ),
                    (
                        "calls_for_result",
                        models.BooleanField(default=False, verbose_name="已更正，须重新计算"),
                    ),
                    (
                        "correction",
                        models.CharField(
                            blank=True,
                            help_text="采纳后更正了什么，或为何不必更正。",
                            max_length=500,
                            verbose_name="更正情况",
                        ),
                    ),
                    ("findings", models.TextField(blank=True, verbose_name="查明情况")),
                    ("lodged_at", models.DateTimeField(blank=True, null=True, verbose_name="登记时间")),
                    ("on_paper", models.BooleanField(default=False, verbose_name="书面提出")),
                    (
                        "outcome",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("kept", "维持原结果"),
                                ("changed", "变更原结果"),
                                ("revoked", "撤销原结果"),
                            ],
                            max_length=16,
                            verbose_name="复核结论",
                        ),
                    ),
                    ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="收到时间")),
                    (
                        "watched_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="纪检监察阅知人",
                        ),
                    ),
                    ("watched_on", models.DateField(blank=True, null=True, verbose_name="纪检监察阅知日期")),
                ],
                options={
                    "verbose_name": "申诉",
                    "verbose_name_plural": "申诉",
                    "ordering": ["-id"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("decided_by", models.F("lodged_by")), _negated=True),
                                ("lodged_at__isnull", True),
                                _connector="OR",
                            ),
                            name="nobody_decides_an_appeal_they_lodged",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("outcome", ""), ("state", "lodged")),
                                models.Q(("outcome", "kept"), ("state", "rejected")),
                                models.Q(("outcome__in", ["changed", "revoked"]), ("state", "upheld")),
                                _connector="OR",
                            ),
                            name="an_appeal_is_upheld_as_its_outcome_says",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Channel",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("need", models.CharField(max_length=80, verbose_name="所需数据")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("ballot", "无记名评价"),
                                ("interviews", "电话和现场调查"),
                                ("counts", "采用其他部门的汇总"),
                                ("sheets", "打分表"),
                                ("marks", "评分"),
                                ("ledger", "台账"),
                                ("checks", "逐项认定"),
                                ("measures", "统计数"),
                                ("placement", "定方阵"),
                                ("figures", "外部评价数据"),
                            ],
                            max_length=16,
                            verbose_name="取数渠道",
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[("open", "收集中"), ("settled", "已办结"), ("set_aside", "不采用")],
                            default="open",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("due_on", models.DateField(blank=True, null=True, verbose_name="应于何日办结")),
                    ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="办结时间")),
                    (
                        "set_aside_reason",
                        models.CharField(blank=True, max_length=200, verbose_name="不采用的原因"),
                    ),
                    ("order", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="channels",
                            to="evaluations.round",
                            verbose_name="轮次",
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
                            verbose_name="办结人",
                        ),
                    ),
                    ("named_items", models.JSONField(blank=True, default=list, verbose_name="自定项目")),
                    (
                        "sample_size",
                        models.PositiveIntegerField(default=10, verbose_name="每个单位应完成的家数"),
                    ),
                ],
                options={
                    "verbose_name": "取数渠道",
                    "verbose_name_plural": "取数渠道",
                    "ordering": ["order", "id"],
                    "constraints": [
                        models.UniqueConstraint(fields=("round", "need"), name="a_round_gathers_a_need_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Entry",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("item", models.CharField(blank=True, max_length=120, verbose_name="项目")),
                    ("value", models.JSONField(null=True, verbose_name="数值")),
                    ("remark", models.CharField(blank=True, max_length=500, verbose_name="备注")),
                    ("source", models.CharField(blank=True, max_length=200, verbose_name="来源")),
                    ("source_on", models.DateField(blank=True, null=True, verbose_name="来源日期")),
                    ("entered_at", models.DateTimeField(verbose_name="填报时间")),
                    ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
                    (
                        "channel",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="entries",
                            to="evaluations.channel",
                            verbose_name="取数渠道",
                        ),
                    ),
                    (
                        "confirmed_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="确认人",
                        ),
                    ),
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
                        "subject",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="entries",
                            to="evaluations.rounddepartment",
                            verbose_name="参评单位",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "填报",
                    "verbose_name_plural": "填报",
                    "ordering": ["subject__order", "subject_id", "item"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("channel", "subject", "item"), name="a_channel_has_one_value_of_an_item"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("confirmed_by", models.F("entered_by")), _negated=True),
                            name="nobody_confirms_their_own_entry",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="NotApplicable",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("item", models.CharField(max_length=64, verbose_name="项目")),
                    ("reason", models.CharField(max_length=200, verbose_name="不适用的原因")),
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
                        "subject",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="not_applicable",
                            to="evaluations.rounddepartment",
                            verbose_name="参评单位",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "不适用的项目",
                    "verbose_name_plural": "不适用的项目",
                    "ordering": ["subject__order", "subject_id", "item"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("subject", "item"), name="a_rule_is_set_aside_for_a_unit_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Occurrence",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("scheme_id", models.CharField(max_length=64, verbose_name="方案编号")),
                    ("item", models.CharField(max_length=64, verbose_name="项目")),
                    ("is_veto", models.BooleanField(default=False, verbose_name="一票否决情形")),
                    ("day", models.DateField(verbose_name="发生日期")),
                    ("count", models.PositiveIntegerField(default=1, verbose_name="次数")),
                    ("practice", models.CharField(blank=True, max_length=120, verbose_name="做法（事项）")),
                    ("title", models.CharField(blank=True, max_length=200, verbose_name="标题")),
                    ("remark", models.CharField(blank=True, max_length=500, verbose_name="备注")),
                    ("veto", models.CharField(blank=True, max_length=64, verbose_name="引起的一票否决")),
                    (
                        "evidence",
                        models.FileField(
                            blank=True,
                            max_length=200,
                            storage=office.files.stored.private,
                            upload_to="evidence/",
                            verbose_name="佐证材料",
                        ),
                    ),
                    ("evidence_name", models.CharField(blank=True, max_length=120, verbose_name="材料名称")),
                    (
                        "state",
                        models.CharField(
                            choices=[("entered", "待确认"), ("confirmed", "已确认"), ("withdrawn", "已撤回")],
                            default="entered",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("entered_at", models.DateTimeField(verbose_name="登记时间")),
                    ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
                    ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回时间")),
                    (
                        "withdrawn_reason",
                        models.CharField(blank=True, max_length=200, verbose_name="撤回原因"),
                    ),
                    (
                        "confirmed_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="确认人",
                        ),
                    ),
                    (
                        "department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.department",
                            verbose_name="单位",
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
                        "withdrawn_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="撤回人",
                        ),
                    ),
                    (
                        "again_reason",
                        models.CharField(blank=True, max_length=200, verbose_name="确为另一件的说明"),
                    ),
                ],
                options={
                    "verbose_name": "台账记录",
                    "verbose_name_plural": "台账记录",
                    "ordering": ["-day", "-id"],
                    "indexes": [
                        models.Index(fields=["scheme_id", "department", "day"], name="ledger_by_unit")
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("count__gte", 1)), name="an_occurrence_happened"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("confirmed_by", models.F("entered_by")), _negated=True),
                            name="nobody_confirms_their_own_occurrence",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="DutyRecord",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("scheme_id", models.CharField(max_length=64, verbose_name="方案编号")),
                    ("duty", models.CharField(max_length=64, verbose_name="报送事项")),
                    ("period", models.CharField(max_length=16, verbose_name="所属时期")),
                    ("due_on", models.DateField(verbose_name="应报日期")),
                    ("came_on", models.DateField(blank=True, null=True, verbose_name="报送日期")),
                    ("noted_at", models.DateTimeField(verbose_name="登记时间")),
                    (
                        "department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                    (
                        "noted_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="登记人",
                        ),
                    ),
                    (
                        "occurrence",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="duty_records",
                            to="evaluations.occurrence",
                            verbose_name="台账记录",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "报送记录",
                    "verbose_name_plural": "报送记录",
                    "ordering": ["due_on", "id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("scheme_id", "duty", "period", "department"),
                            name="a_duty_is_noted_once_for_a_unit_and_period",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Panel",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("label", models.CharField(max_length=80, verbose_name="名称")),
                    ("by_aspect", models.BooleanField(default=True, verbose_name="逐方面打分")),
                    ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="开启时间")),
                    (
                        "channel",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="panel",
                            to="evaluations.channel",
                            verbose_name="取数渠道",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "评议组",
                    "verbose_name_plural": "评议组",
                },
            ),
            migrations.CreateModel(
                name="Marker",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=80, verbose_name="姓名")),
                    (
                        "way",
                        models.CharField(
                            choices=[("account", "用账户"), ("paper", "用纸质表")],
                            default="paper",
                            max_length=16,
                            verbose_name="方式",
                        ),
                    ),
                    (
                        "account",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="账户",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                    (
                        "panel",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="markers",
                            to="evaluations.panel",
                            verbose_name="评议组",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "评议人",
                    "verbose_name_plural": "评议人",
                    "ordering": ["id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("panel", "name", "unit"), name="a_panel_names_a_marker_once"
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("unit", None)),
                            fields=("panel", "name"),
                            name="a_panel_names_a_marker_of_no_unit_once",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("account__isnull", False)),
                            fields=("panel", "account"),
                            name="an_account_marks_once_in_a_panel",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("account__isnull", False), ("way", "account")),
                                models.Q(("account", None), ("way", "paper")),
                                _connector="OR",
                            ),
                            name="only_who_marks_by_account_has_one",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="MarkSheet",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.PositiveIntegerField(unique=True, verbose_name="编号")),
                    (
                        "state",
                        models.CharField(
                            choices=[("due", "未交"), ("submitted", "已提交"), ("void", "作废")],
                            default="due",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    (
                        "keying",
                        models.CharField(
                            choices=[
                                ("none", "待录入"),
                                ("once", "待第二人录入"),
                                ("different", "待第三人录入"),
                                ("review", "待复核人员裁定"),
                                ("settled", "已核定"),
                            ],
                            default="none",
                            max_length=16,
                            verbose_name="录入",
                        ),
                    ),
                    ("sealed", models.TextField(blank=True, verbose_name="密封的打分")),
                    ("version", models.PositiveIntegerField(default=0, verbose_name="保存次数")),
                    ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                    ("void_reason", models.CharField(blank=True, max_length=200, verbose_name="作废原因")),
                    (
                        "marker",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="sheets",
                            to="evaluations.marker",
                            verbose_name="评议人",
                        ),
                    ),
                    (
                        "received_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="收表人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "打分表",
                    "verbose_name_plural": "打分表",
                    "ordering": ["id"],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state", "void"), _negated=True),
                            fields=("marker",),
                            name="a_marker_has_one_sheet_that_counts",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="PanelAct",
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
                            choices=[("open", "开启"), ("reopen", "重新收表")],
                            max_length=16,
                            verbose_name="事项",
                        ),
                    ),
                    ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                    ("first_at", models.DateTimeField(verbose_name="第一人办理时间")),
                    ("second_at", models.DateTimeField(blank=True, null=True, verbose_name="第二人办理时间")),
                    (
                        "first",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="第一人",
                        ),
                    ),
                    (
                        "panel",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="acts",
                            to="evaluations.panel",
                            verbose_name="评议组",
                        ),
                    ),
                    (
                        "second",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="第二人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "两人开启",
                    "verbose_name_plural": "两人开启",
                    "ordering": ["id"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("second", models.F("first")), _negated=True),
                            name="a_panel_is_opened_by_two",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("second", None)),
                            fields=("panel",),
                            name="a_panel_waits_for_one_act",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="SheetReading",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("sealed", models.TextField(blank=True, verbose_name="密封的打分")),
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
                        "sheet",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="readings",
                            to="evaluations.marksheet",
                            verbose_name="打分表",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "打分表录入",
                    "verbose_name_plural": "打分表录入",
                    "ordering": ["id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("sheet", "reader"), name="nobody_keys_a_mark_sheet_twice"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Interview",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("enterprise", models.CharField(max_length=120, verbose_name="企业名称")),
                    ("phone", models.CharField(max_length=40, verbose_name="联系电话")),
                    ("matter", models.CharField(blank=True, max_length=200, verbose_name="办理事项")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("waiting", "待访问"),
                                ("done", "成功"),
                                ("refused", "拒访"),
                                ("invalid", "空号"),
                                ("unreached", "未接通"),
                                ("void", "复核不一致，作废"),
                            ],
                            default="waiting",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("answers", models.JSONField(blank=True, default=dict, verbose_name="回答")),
                    (
                        "days",
                        models.PositiveIntegerField(blank=True, null=True, verbose_name="办理用时（工作日）"),
                    ),
                    (
                        "cost",
                        models.DecimalField(
                            blank=True,
                            decimal_places=2,
                            max_digits=12,
                            null=True,
                            verbose_name="办理费用（元）",
                        ),
                    ),
                    (
                        "papers",
                        models.PositiveIntegerField(blank=True, null=True, verbose_name="提交材料（份）"),
                    ),
                    ("remark", models.CharField(blank=True, max_length=500, verbose_name="备注")),
                    ("asked_at", models.DateTimeField(blank=True, null=True, verbose_name="调查时间")),
                    ("rechecked_at", models.DateTimeField(blank=True, null=True, verbose_name="复核时间")),
                    (
                        "asked_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="调查人",
                        ),
                    ),
                    (
                        "channel",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="interviews",
                            to="evaluations.channel",
                            verbose_name="取数渠道",
                        ),
                    ),
                    (
                        "rechecked_by",
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
                        "subject",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="interviews",
                            to="evaluations.rounddepartment",
                            verbose_name="参评单位",
                        ),
                    ),
                    (
                        "drawn",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="surveys.drawnmember",
                            verbose_name="应访样本",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "调查对象",
                    "verbose_name_plural": "调查对象",
                    "ordering": ["subject__order", "subject_id", "id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("channel", "subject", "enterprise"),
                            name="an_enterprise_is_asked_once_about_a_unit",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("rechecked_by", models.F("asked_by")), _negated=True),
                            name="nobody_rechecks_their_own_interview",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="InterviewCall",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("day", models.DateField(verbose_name="日期")),
                    (
                        "half",
                        models.CharField(
                            choices=[("morning", "上午"), ("afternoon", "下午")],
                            max_length=16,
                            verbose_name="时段",
                        ),
                    ),
                    (
                        "outcome",
                        models.CharField(
                            choices=[
                                ("waiting", "待访问"),
                                ("done", "成功"),
                                ("refused", "拒访"),
                                ("invalid", "空号"),
                                ("unreached", "未接通"),
                                ("void", "复核不一致，作废"),
                            ],
                            max_length=16,
                            verbose_name="结果",
                        ),
                    ),
                    ("called_at", models.DateTimeField(verbose_name="登记时间")),
                    (
                        "called_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="调查人",
                        ),
                    ),
                    (
                        "interview",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="calls",
                            to="evaluations.interview",
                            verbose_name="调查对象",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "联系记录",
                    "verbose_name_plural": "联系记录",
                    "ordering": ["id"],
                },
            ),
            migrations.CreateModel(
                name="RoundDraw",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "draw",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="surveys.pooldraw",
                            verbose_name="抽样",
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="draws",
                            to="evaluations.round",
                            verbose_name="轮次",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "本轮抽样",
                    "verbose_name_plural": "本轮抽样",
                    "ordering": ["id"],
                },
            ),
            migrations.CreateModel(
                name="Correction",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("reason", models.CharField(max_length=200, verbose_name="更正原因")),
                    ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                    ("agreed_at", models.DateTimeField(blank=True, null=True, verbose_name="同意时间")),
                    (
                        "agreed_by",
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
                        "channel",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="corrections",
                            to="evaluations.channel",
                            verbose_name="取数渠道",
                        ),
                    ),
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
                        "result",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="corrections",
                            to="evaluations.result",
                            verbose_name="所更正的结果",
                        ),
                    ),
                    (
                        "subject",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="corrections",
                            to="evaluations.rounddepartment",
                            verbose_name="参评单位",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "更正",
                    "verbose_name_plural": "更正",
                    "ordering": ["id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("result", "channel", "subject"),
                            name="a_channel_is_corrected_once_for_a_unit",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("agreed_by", models.F("proposed_by")), _negated=True),
                            name="nobody_agrees_to_their_own_correction",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="DecisionNumber",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("body", models.CharField(max_length=80, verbose_name="决定机关")),
                    ("number", models.CharField(max_length=80, verbose_name="决定文号")),
                    ("decided_on", models.DateField(verbose_name="决定日期")),
                ],
                options={
                    "verbose_name": "决定文号",
                    "verbose_name_plural": "决定文号",
                    "constraints": [
                        models.UniqueConstraint(fields=("body", "number"), name="a_body_gives_a_number_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Disposition",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("register_year", models.PositiveIntegerField(verbose_name="登记年度")),
                    ("register_serial", models.PositiveIntegerField(verbose_name="登记序号")),
                    ("person_name", models.CharField(blank=True, max_length=40, verbose_name="姓名")),
                    ("person_post", models.CharField(blank=True, max_length=80, verbose_name="时任职务")),
                    (
                        "target",
                        models.CharField(
                            choices=[
                                ("self", "本人"),
                                ("own_section", "所在科室"),
                                ("supervisor_of_section", "分管负责人"),
                                ("department", "单位"),
                                ("principal", "主要负责人"),
                                ("leading_body", "领导班子"),
                                ("superior_body", "上级主管部门"),
                            ],
                            max_length=32,
                            verbose_name="对象",
                        ),
                    ),
                    ("rule", models.CharField(max_length=64, verbose_name="规则编号")),
                    ("label", models.CharField(max_length=120, verbose_name="处置建议")),
                    ("clause", models.CharField(max_length=40, verbose_name="条款")),
                    ("because", models.CharField(max_length=500, verbose_name="起因")),
                    ("word", models.CharField(max_length=80, verbose_name="处置")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("card", "亮牌"),
                                ("talk", "谈话"),
                                ("criticism", "通报批评"),
                                ("transfer", "组织处理"),
                                ("accountability", "追责问责"),
                                ("rectification", "整改"),
                                ("summons", "约谈"),
                                ("committee_report", "检视述职"),
                                ("reference", "考核参考"),
                                ("priority", "优先"),
                                ("praise", "通报表扬"),
                                ("award", "评先推荐"),
                                ("no_award", "不得评先"),
                                ("points", "考核分"),
                                ("coupling", "考核挂钩"),
                                ("superior_report", "报送上级"),
                                ("proceeding", "办理程序"),
                            ],
                            max_length=24,
                            verbose_name="种类",
                        ),
                    ),
                    (
                        "points",
                        models.DecimalField(
                            blank=True, decimal_places=2, max_digits=7, null=True, verbose_name="考核分"
                        ),
                    ),
                    ("points_are_total", models.BooleanField(default=False, verbose_name="为当年累计数")),
                    ("points_by_decision", models.BooleanField(default=False, verbose_name="分值由决定确定")),
                    (
                        "year",
                        models.PositiveIntegerField(
                            help_text="轮次结束所在的年度。", verbose_name="考核年度"
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("proposed", "待决定"),
                                ("set_aside", "不予实施"),
                                ("decided", "已决定"),
                                ("served", "已送达"),
                                ("in_force", "影响期内"),
                                ("fulfilled", "已履行"),
                                ("lapsed", "已期满"),
                                ("withdrawn", "已撤销"),
                            ],
                            default="proposed",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("proposed_on", models.DateField(verbose_name="提出日期")),
                    ("body", models.CharField(blank=True, max_length=80, verbose_name="决定机关")),
                    ("number", models.CharField(blank=True, max_length=80, verbose_name="决定文号")),
                    ("decided_on", models.DateField(blank=True, null=True, verbose_name="决定日期")),
                    (
                        "authority",
                        models.CharField(
                            blank=True,
                            help_text="由方案所列以外的机关决定的，写明依据。",
                            max_length=200,
                            verbose_name="授权依据",
                        ),
                    ),
                    ("terms", models.CharField(blank=True, max_length=300, verbose_name="决定内容")),
                    ("named_by_decision", models.BooleanField(default=False, verbose_name="决定时确定人员")),
                    (
                        "reason",
                        models.CharField(
                            blank=True,
                            help_text="不予实施或撤销的理由。",
                            max_length=500,
                            verbose_name="理由",
                        ),
                    ),
                    ("served_on", models.DateField(blank=True, null=True, verbose_name="送达日期")),
                    (
                        "served_way",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("hand", "直接送达"),
                                ("system", "系统送达"),
                                ("post", "邮寄送达"),
                                ("left", "留置送达"),
                            ],
                            max_length=16,
                            verbose_name="送达方式",
                        ),
                    ),
                    ("received_by", models.CharField(blank=True, max_length=80, verbose_name="签收人")),
                    ("received_on", models.DateField(blank=True, null=True, verbose_name="签收日期")),
                    ("refusal", models.CharField(blank=True, max_length=200, verbose_name="拒收事由")),
                    ("witness", models.CharField(blank=True, max_length=80, verbose_name="见证人")),
                    ("effect_from", models.DateField(blank=True, null=True, verbose_name="影响期起")),
                    ("effect_until", models.DateField(blank=True, null=True, verbose_name="影响期止")),
                    ("fulfilled_on", models.DateField(blank=True, null=True, verbose_name="履行日期")),
                    ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
                    (
                        "withdrawn_number",
                        models.CharField(
                            blank=True,
                            help_text="由决定机关撤销、解除的；由更正后的结果撤回的没有。",
                            max_length=80,
                            verbose_name="撤销（解除）文号",
                        ),
                    ),
                    (
                        "restore_flagged",
                        models.BooleanField(
                            default=False,
                            help_text="撤销时已经履行或生效，须由决定机关另行恢复。",
                            verbose_name="履行后被撤销",
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
                            verbose_name="登记人",
                        ),
                    ),
                    (
                        "department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                    (
                        "result",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="dispositions",
                            to="evaluations.result",
                            verbose_name="所依据的结果",
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="dispositions",
                            to="evaluations.round",
                            verbose_name="轮次",
                        ),
                    ),
                    (
                        "staff_member",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.staffmember",
                            verbose_name="本人",
                        ),
                    ),
                    (
                        "subject",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="dispositions",
                            to="evaluations.rounddepartment",
                            verbose_name="参评单位",
                        ),
                    ),
                    (
                        "withdrawn_by_result",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="withdrawn_dispositions",
                            to="evaluations.result",
                            verbose_name="撤销它的结果",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "处置事项",
                    "verbose_name_plural": "处置事项",
                    "ordering": ["-register_year", "-register_serial"],
                    "indexes": [
                        models.Index(fields=["department", "year"], name="dispositions_of_a_year"),
                        models.Index(fields=["staff_member", "year"], name="dispositions_of_a_person"),
                        models.Index(fields=["state"], name="dispositions_by_state"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("register_year", "register_serial"),
                            name="a_register_number_is_given_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["proposed", "set_aside", "withdrawn"]),
                                models.Q(
                                    models.Q(("number", ""), _negated=True),
                                    models.Q(("body", ""), _negated=True),
                                    ("decided_on__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="nothing_has_effect_without_number_body_and_day",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="DispositionEvent",
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
                                ("proposed", "提出建议"),
                                ("kept", "更正后仍然成立"),
                                ("decided", "登记决定"),
                                ("set_aside", "不予实施"),
                                ("served", "送达"),
                                ("received", "签收"),
                                ("paper", "提交材料"),
                                ("accepted", "核收材料"),
                                ("returned", "退回材料"),
                                ("fulfilled", "履行完毕"),
                                ("lapsed", "期满"),
                                ("withdrawn", "撤销"),
                                ("tolerance", "容错"),
                                ("restored", "恢复"),
                            ],
                            max_length=16,
                            verbose_name="办理",
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="时间")),
                    ("text", models.CharField(blank=True, max_length=500, verbose_name="说明")),
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
                        "disposition",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="events",
                            to="evaluations.disposition",
                            verbose_name="处置事项",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "办理记录",
                    "verbose_name_plural": "办理记录",
                    "ordering": ["id"],
                },
            ),
            migrations.CreateModel(
                name="DispositionPaper",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("label", models.CharField(max_length=80, verbose_name="材料")),
                    ("due_on", models.DateField(blank=True, null=True, verbose_name="期限")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("due", "待提交"),
                                ("handed_in", "待核收"),
                                ("accepted", "已核收"),
                                ("returned", "已退回"),
                            ],
                            default="due",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    (
                        "file",
                        models.FileField(
                            blank=True,
                            max_length=200,
                            storage=office.files.stored.private,
                            upload_to="dispositions/",
                            verbose_name="文件",
                        ),
                    ),
                    ("file_name", models.CharField(blank=True, max_length=120, verbose_name="文件名")),
                    ("handed_in_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                    ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="核收时间")),
                    ("opinion", models.CharField(blank=True, max_length=200, verbose_name="核收意见")),
                    (
                        "checked_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="核收人",
                        ),
                    ),
                    (
                        "disposition",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="papers",
                            to="evaluations.disposition",
                            verbose_name="处置事项",
                        ),
                    ),
                    (
                        "handed_in_by",
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
                    "verbose_name": "履行材料",
                    "verbose_name_plural": "履行材料",
                    "ordering": ["due_on", "id"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("checked_by", models.F("handed_in_by")), _negated=True),
                            name="nobody_accepts_their_own_paper",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="AppealPaper",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "file",
                        models.FileField(
                            max_length=200,
                            storage=office.files.stored.private,
                            upload_to="appeals/",
                            verbose_name="文件",
                        ),
                    ),
                    ("file_name", models.CharField(max_length=120, verbose_name="文件名")),
                    (
                        "appeal",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="papers",
                            to="evaluations.appeal",
                            verbose_name="申诉",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "申诉材料",
                    "verbose_name_plural": "申诉材料",
                    "ordering": ["id"],
                },
            ),
            migrations.CreateModel(
                name="Rectification",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("planning", "待报方案"),
                                ("handed_in", "方案待审"),
                                ("under_way", "整改中"),
                                ("closed", "已销号"),
                                ("ended", "已终止"),
                            ],
                            default="planning",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("notice_on", models.DateField(help_text="期限从次日起算。", verbose_name="通报日期")),
                    ("plan_working_days", models.PositiveIntegerField(verbose_name="报方案工作日数")),
                    ("done_days", models.PositiveIntegerField(verbose_name="完成天数")),
                    ("look_back_days", models.PositiveIntegerField(verbose_name="回头看天数")),
                    ("supervision_days", models.PositiveIntegerField(verbose_name="逾期转督办工作日数")),
                    (
                        "leading_group_days",
                        models.PositiveIntegerField(verbose_name="逾期提交领导小组工作日数"),
                    ),
                    (
                        "limits_decision",
                        models.CharField(blank=True, max_length=80, verbose_name="另定期限的依据"),
                    ),
                    ("plan_due_at", models.DateTimeField(verbose_name="整改方案截止")),
                    ("done_due_at", models.DateTimeField(verbose_name="完成截止")),
                    (
                        "is_provisional",
                        models.BooleanField(
                            default=False,
                            help_text="期限涉及的年度还没有节假日安排，录入后重新推算。",
                            verbose_name="期限待定",
                        ),
                    ),
                    (
                        "rests_on",
                        models.JSONField(
                            default=dict,
                            help_text="推算期限所用的起点、日历和办公时间。",
                            verbose_name="期限依据",
                        ),
                    ),
                    ("begun_at", models.DateTimeField(verbose_name="启动时间")),
                    (
                        "plan_handed_in_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="方案报送时间"),
                    ),
                    (
                        "plan_checked_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="方案审核时间"),
                    ),
                    (
                        "plan_opinion",
                        models.CharField(blank=True, max_length=500, verbose_name="方案审核意见"),
                    ),
                    ("closed_on", models.DateField(blank=True, null=True, verbose_name="全部销号日期")),
                    ("ended_on", models.DateField(blank=True, null=True, verbose_name="终止日期")),
                    ("ended_reason", models.CharField(blank=True, max_length=500, verbose_name="终止原因")),
                    (
                        "begun_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="启动人",
                        ),
                    ),
                    (
                        "department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.department",
                            verbose_name="责任单位",
                        ),
                    ),
                    (
                        "disposition",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="rectification",
                            to="evaluations.disposition",
                            verbose_name="处置事项",
                        ),
                    ),
                    (
                        "plan_checked_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="方案审核人",
                        ),
                    ),
                    (
                        "plan_handed_in_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="方案报送人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "整改事项",
                    "verbose_name_plural": "整改事项",
                    "ordering": ["-notice_on", "-id"],
                    "indexes": [
                        models.Index(fields=["state", "done_due_at"], name="rectifications_by_state"),
                        models.Index(fields=["department"], name="rectifications_of_a_unit"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("plan_checked_by", models.F("plan_handed_in_by")), _negated=True
                            ),
                            name="nobody_checks_their_own_plan",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "ended"), _negated=True),
                                models.Q(
                                    ("ended_on__isnull", False), models.Q(("ended_reason", ""), _negated=True)
                                ),
                                _connector="OR",
                            ),
                            name="a_rectification_ends_with_a_reason",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="RectificationItem",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.PositiveIntegerField(verbose_name="序号")),
                    ("problem", models.CharField(max_length=500, verbose_name="问题")),
                    (
                        "source_kind",
                        models.CharField(
                            choices=[
                                ("result", "评价结果"),
                                ("ledger", "工作台账"),
                                ("remark", "意见建议"),
                                ("centre", "评价中心提出"),
                                ("look_back", "回头看"),
                            ],
                            max_length=16,
                            verbose_name="来源种类",
                        ),
                    ),
                    ("source", models.CharField(blank=True, max_length=200, verbose_name="来源")),
                    ("leader", models.CharField(blank=True, max_length=80, verbose_name="责任领导")),
                    ("person", models.CharField(blank=True, max_length=80, verbose_name="责任人")),
                    ("measures", models.CharField(blank=True, max_length=1000, verbose_name="整改措施")),
                    ("goal", models.CharField(blank=True, max_length=500, verbose_name="整改目标")),
                    ("due_on", models.DateField(blank=True, null=True, verbose_name="完成时限")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("open", "未销号"),
                                ("asked", "申请销号"),
                                ("closed", "已销号"),
                                ("held", "回头看合格"),
                                ("reopened", "回头看不合格"),
                            ],
                            default="open",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("progress", models.CharField(blank=True, max_length=1000, verbose_name="进展情况")),
                    ("done_on", models.DateField(blank=True, null=True, verbose_name="完成日期")),
                    ("asked_at", models.DateTimeField(blank=True, null=True, verbose_name="申请时间")),
                    ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="核验时间")),
                    ("opinion", models.CharField(blank=True, max_length=500, verbose_name="核验意见")),
                    ("closed_on", models.DateField(blank=True, null=True, verbose_name="销号日期")),
                    ("look_back_on", models.DateField(blank=True, null=True, verbose_name="应回头看日期")),
                    ("looked_back_on", models.DateField(blank=True, null=True, verbose_name="回头看日期")),
                    (
                        "look_back_opinion",
                        models.CharField(blank=True, max_length=500, verbose_name="回头看意见"),
                    ),
                    (
                        "asked_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="申请人",
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
                            verbose_name="核验人",
                        ),
                    ),
                    (
                        "leader_member",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.staffmember",
                            verbose_name="责任领导（名册）",
                        ),
                    ),
                    (
                        "looked_back_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="回头看人",
                        ),
                    ),
                    (
                        "person_member",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.staffmember",
                            verbose_name="责任人（名册）",
                        ),
                    ),
                    (
                        "planned_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="填报人",
                        ),
                    ),
                    (
                        "rectification",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="items",
                            to="evaluations.rectification",
                            verbose_name="整改事项",
                        ),
                    ),
                    (
                        "reopens",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="reopened_as",
                            to="evaluations.rectificationitem",
                            verbose_name="重开的任务",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "整改任务",
                    "verbose_name_plural": "整改任务",
                    "ordering": ["rectification", "number"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("rectification", "number"),
                            name="a_number_is_given_once_in_a_rectification",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("checked_by", models.F("asked_by")), _negated=True),
                            name="nobody_checks_their_own_rectification",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["open", "asked"]),
                                models.Q(
                                    ("checked_by__isnull", False),
                                    ("closed_on__isnull", False),
                                    models.Q(("opinion", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="an_item_is_closed_by_somebody_with_an_opinion",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="RectificationEvent",
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
                                ("begun", "启动整改"),
                                ("problem", "列入问题"),
                                ("dropped", "移出问题"),
                                ("planned", "填写措施"),
                                ("handed_in", "报送方案"),
                                ("accepted", "同意方案"),
                                ("returned", "退回方案"),
                                ("progress", "填报进展"),
                                ("evidence", "提交佐证"),
                                ("asked", "申请销号"),
                                ("not_closed", "退回销号申请"),
                                ("closed", "核验销号"),
                                ("held", "回头看合格"),
                                ("reopened", "回头看不合格，重新整改"),
                                ("late", "逾期"),
                                ("chased", "催办"),
                                ("supervised", "督办"),
                                ("to_leading_group", "提交领导小组"),
                                ("ended", "终止整改"),
                                ("reckoned", "重新推算期限"),
                            ],
                            max_length=20,
                            verbose_name="办理",
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="时间")),
                    ("text", models.CharField(blank=True, max_length=1000, verbose_name="说明")),
                    ("once", models.CharField(blank=True, max_length=60, verbose_name="只记一次")),
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
                        "rectification",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="events",
                            to="evaluations.rectification",
                            verbose_name="整改事项",
                        ),
                    ),
                    (
                        "item",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="events",
                            to="evaluations.rectificationitem",
                            verbose_name="整改任务",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "整改记录",
                    "verbose_name_plural": "整改记录",
                    "ordering": ["id"],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("once", ""), _negated=True),
                            fields=("rectification", "once"),
                            name="what_the_clock_brings_is_noted_once",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="RectificationPaper",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "file",
                        models.FileField(
                            max_length=200,
                            storage=office.files.stored.private,
                            upload_to="rectification/",
                            verbose_name="文件",
                        ),
                    ),
                    ("file_name", models.CharField(max_length=120, verbose_name="文件名")),
                    ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                    ("handed_in_at", models.DateTimeField(verbose_name="提交时间")),
                    (
                        "handed_in_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="提交人",
                        ),
                    ),
                    (
                        "item",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="papers",
                            to="evaluations.rectificationitem",
                            verbose_name="整改任务",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "整改佐证",
                    "verbose_name_plural": "整改佐证",
                    "ordering": ["id"],
                },
            ),
            migrations.CreateModel(
                name="RiskReport",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("matter", models.CharField(max_length=120, verbose_name="事项")),
                    ("basis", models.TextField(verbose_name="依据")),
                    ("ways", models.TextField(verbose_name="备选办法")),
                    ("risk", models.TextField(verbose_name="风险")),
                    ("measures", models.TextField(verbose_name="防范措施")),
                    ("decided_by", models.CharField(max_length=120, verbose_name="决策机构（会议）")),
                    ("decision_at", models.DateTimeField(blank=True, null=True, verbose_name="决策时间")),
                    ("reported_at", models.DateTimeField(verbose_name="报备时间")),
                    (
                        "department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                    (
                        "reported_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="报备人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "风险报备",
                    "verbose_name_plural": "风险报备",
                    "ordering": ["-id"],
                },
            ),
            migrations.CreateModel(
                name="Clearing",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("report_number", models.CharField(max_length=80, verbose_name="举报件编号")),
                    ("found_on", models.DateField(verbose_name="查实日期")),
                    ("harm", models.TextField(verbose_name="造成的影响")),
                    (
                        "harm_circle",
                        models.PositiveSmallIntegerField(
                            choices=[
                                (1, "本人和有关人员"),
                                (2, "所在科室"),
                                (3, "本单位"),
                                (4, "本系统（乡镇）"),
                                (5, "社会公众"),
                            ],
                            verbose_name="影响范围",
                        ),
                    ),
                    ("consented_on", models.DateField(verbose_name="本人同意日期")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("open", "待澄清"),
                                ("cleared", "已澄清，待回访"),
                                ("visited", "已回访"),
                            ],
                            default="open",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("due_on", models.DateField(verbose_name="澄清期限")),
                    ("rests_on", models.JSONField(default=dict, verbose_name="期限的依据")),
                    ("is_provisional", models.BooleanField(default=False, verbose_name="期限暂定")),
                    (
                        "way",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("in_person", "当面澄清"),
                                ("in_writing", "书面澄清"),
                                ("meeting", "会议澄清"),
                                ("circular", "通报澄清"),
                            ],
                            max_length=16,
                            verbose_name="方式",
                        ),
                    ),
                    (
                        "circle",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            choices=[
                                (1, "本人和有关人员"),
                                (2, "所在科室"),
                                (3, "本单位"),
                                (4, "本系统（乡镇）"),
                                (5, "社会公众"),
                            ],
                            null=True,
                            verbose_name="澄清范围",
                        ),
                    ),
                    ("cleared_on", models.DateField(blank=True, null=True, verbose_name="澄清日期")),
                    ("visit_due_on", models.DateField(blank=True, null=True, verbose_name="回访期限")),
                    ("visited_on", models.DateField(blank=True, null=True, verbose_name="回访日期")),
                    ("visit", models.TextField(blank=True, verbose_name="回访情况")),
                    (
                        "false_report_number",
                        models.CharField(blank=True, max_length=80, verbose_name="诬告认定文号"),
                    ),
                    (
                        "cleared_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="澄清登记人",
                        ),
                    ),
                    (
                        "department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                    (
                        "disposition",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="clearings",
                            to="evaluations.disposition",
                            verbose_name="据此作出的处置",
                        ),
                    ),
                    (
                        "opened_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="登记人",
                        ),
                    ),
                    (
                        "staff_member",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.staffmember",
                            verbose_name="本人",
                        ),
                    ),
                    (
                        "visited_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="回访人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "澄清正名",
                    "verbose_name_plural": "澄清正名",
                    "ordering": ["-id"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("circle__isnull", True),
                                ("circle__lte", models.F("harm_circle")),
                                _connector="OR",
                            ),
                            name="no_name_is_cleared_wider_than_the_harm",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("visited_by", models.F("cleared_by")), _negated=True),
                            name="nobody_visits_after_their_own_clearing",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ToleranceCase",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("grounds", models.TextField(verbose_name="申请理由")),
                    ("applied_at", models.DateTimeField(verbose_name="申请时间")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("applied", "待决定"),
                                ("exempt", "免予处置"),
                                ("lighter", "从轻处置"),
                                ("refused", "不予容错"),
                            ],
                            default="applied",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    (
                        "findings",
                        models.JSONField(
                            blank=True,
                            default=dict,
                            help_text="认定项目的编号 → 认定情况。",
                            verbose_name="逐项认定",
                        ),
                    ),
                    ("reasons", models.TextField(blank=True, verbose_name="决定理由")),
                    ("body", models.CharField(blank=True, max_length=80, verbose_name="决定机关")),
                    ("number", models.CharField(blank=True, max_length=80, verbose_name="决定文号")),
                    ("decided_on", models.DateField(blank=True, null=True, verbose_name="决定日期")),
                    (
                        "applied_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="申请人",
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
                            verbose_name="登记人",
                        ),
                    ),
                    (
                        "disposition",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="tolerance_cases",
                            to="evaluations.disposition",
                            verbose_name="处置事项",
                        ),
                    ),
                    (
                        "report",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="evaluations.riskreport",
                            verbose_name="风险报备",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "容错申请",
                    "verbose_name_plural": "容错申请",
                    "ordering": ["-id"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("decided_by", models.F("applied_by")), _negated=True),
                            name="nobody_tolerates_on_their_own_word",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state", "applied"),
                                models.Q(
                                    models.Q(("number", ""), _negated=True),
                                    models.Q(("body", ""), _negated=True),
                                    ("decided_on__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="no_tolerance_without_number_body_and_day",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "applied")),
                            fields=("disposition",),
                            name="one_application_for_tolerance_at_a_time",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="AccountExtract",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("register_year", models.PositiveIntegerField(verbose_name="登记年度")),
                    ("register_serial", models.PositiveIntegerField(verbose_name="登记序号")),
                    ("about", models.CharField(max_length=130, verbose_name="查询对象")),
                    ("asked_by_body", models.CharField(max_length=80, verbose_name="查询机关")),
                    ("asked_by_person", models.CharField(max_length=40, verbose_name="查询人")),
                    ("purpose", models.CharField(max_length=200, verbose_name="用途")),
                    ("letter", models.CharField(blank=True, max_length=80, verbose_name="来函文号")),
                    ("asked_on", models.DateField(verbose_name="查询日期")),
                    ("made_at", models.DateTimeField(verbose_name="办理时间")),
                    ("content", models.JSONField(default=dict, verbose_name="回复内容")),
                    (
                        "department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                    (
                        "made_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="办理人",
                        ),
                    ),
                    (
                        "staff_member",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.staffmember",
                            verbose_name="本人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "任职查询回复",
                    "verbose_name_plural": "任职查询回复",
                    "ordering": ["-id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("register_year", "register_serial"),
                            name="an_extract_number_is_given_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("asked_by_body", ""),
                                ("asked_by_person", ""),
                                ("purpose", ""),
                                _connector="OR",
                                _negated=True,
                            ),
                            name="an_extract_has_somebody_who_asked_and_why",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Standing",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "year",
                        models.PositiveIntegerField(help_text="轮次结束所在的年度。", verbose_name="年度"),
                    ),
                    ("ends_on", models.DateField(verbose_name="周期最后一天")),
                    ("grade", models.CharField(blank=True, max_length=40, verbose_name="等次")),
                    ("score", models.CharField(blank=True, max_length=24, verbose_name="得分")),
                    ("rank", models.PositiveIntegerField(blank=True, null=True, verbose_name="名次")),
                    ("listed", models.CharField(blank=True, max_length=8, verbose_name="名单")),
                    (
                        "department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                    (
                        "result",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="standings",
                            to="evaluations.result",
                            verbose_name="评价结果",
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="standings",
                            to="evaluations.round",
                            verbose_name="轮次",
                        ),
                    ),
                    (
                        "staff_member",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="departments.staffmember",
                            verbose_name="本人",
                        ),
                    ),
                    (
                        "subject",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="standings",
                            to="evaluations.rounddepartment",
                            verbose_name="参评单位",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "评定情况",
                    "verbose_name_plural": "评定情况",
                    "ordering": ["ends_on", "id"],
                    "indexes": [
                        models.Index(fields=["year", "staff_member"], name="standings_of_a_year"),
                        models.Index(fields=["department", "ends_on"], name="standings_of_a_unit"),
                        models.Index(fields=["staff_member", "ends_on"], name="standings_of_a_person"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("staff_member__isnull", True)),
                            fields=("subject",),
                            name="a_unit_stands_once_in_a_round",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("staff_member__isnull", False)),
                            fields=("subject", "staff_member"),
                            name="a_person_stands_once_in_a_round",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="SuperiorReport",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("year", models.PositiveIntegerField(verbose_name="年度")),
                    ("superior_body", models.CharField(max_length=80, verbose_name="上级主管部门")),
                    ("number", models.CharField(max_length=80, unique=True, verbose_name="报送文号")),
                    ("sent_on", models.DateField(verbose_name="报送日期")),
                    ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                    (
                        "dispositions",
                        models.ManyToManyField(
                            related_name="superior_reports",
                            to="evaluations.disposition",
                            verbose_name="报送的处置事项",
                        ),
                    ),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="登记人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "报送上级记录",
                    "verbose_name_plural": "报送上级记录",
                    "ordering": ["-id"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("superior_body", ""), ("number", ""), _connector="OR", _negated=True
                            ),
                            name="a_report_has_a_body_and_a_number",
                        )
                    ],
                },
            ),
        ),
    ]
