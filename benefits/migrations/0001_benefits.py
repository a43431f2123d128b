import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from office.create_models import CreateModels


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
                name="BenefitItem",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("code", models.CharField(max_length=32, unique=True, verbose_name="事项编号")),
                    (
                        "higher_number",
                        models.CharField(blank=True, max_length=60, verbose_name="上级平台编号"),
                    ),
                ],
                options={
                    "verbose_name": "惠企政策事项",
                    "verbose_name_plural": "惠企政策事项",
                    "ordering": ["code"],
                },
            ),
            migrations.CreateModel(
                name="Firm",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "credit_code",
                        models.CharField(max_length=18, unique=True, verbose_name="统一社会信用代码"),
                    ),
                    ("name", models.CharField(max_length=120, verbose_name="企业名称")),
                    ("is_cancelled", models.BooleanField(default=False, verbose_name="已注销")),
                    (
                        "access_mark",
                        models.CharField(
                            blank=True, editable=False, max_length=64, verbose_name="登录码印记"
                        ),
                    ),
                    (
                        "access_on",
                        models.DateField(blank=True, editable=False, null=True, verbose_name="发码日期"),
                    ),
                    (
                        "times_left",
                        models.PositiveIntegerField(default=0, editable=False, verbose_name="退出次数"),
                    ),
                ],
                options={
                    "verbose_name": "企业",
                    "verbose_name_plural": "企业",
                    "ordering": ["credit_code"],
                },
            ),
            migrations.CreateModel(
                name="ItemVersion",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.PositiveIntegerField(verbose_name="版本号")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("draft", "草稿"),
                                ("submitted", "待审核"),
                                ("published", "已发布"),
                                ("ended", "已停止"),
                            ],
                            default="draft",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("name", models.CharField(max_length=120, verbose_name="事项名称")),
                    ("category", models.CharField(max_length=32, verbose_name="政策类别")),
                    ("kind", models.CharField(max_length=32, verbose_name="兑现内容")),
                    ("level", models.CharField(max_length=32, verbose_name="政策层级")),
                    ("section", models.CharField(blank=True, max_length=60, verbose_name="承办科室")),
                    ("document_title", models.CharField(max_length=160, verbose_name="政策文件")),
                    ("document_number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                    ("clause", models.CharField(max_length=60, verbose_name="条款")),
                    ("audience", models.CharField(max_length=300, verbose_name="适用对象")),
                    ("area", models.CharField(blank=True, max_length=80, verbose_name="适用地区")),
                    ("standard", models.TextField(max_length=2000, verbose_name="兑现标准")),
                    (
                        "ceiling",
                        models.DecimalField(
                            blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="上限（元）"
                        ),
                    ),
                    ("way", models.CharField(blank=True, max_length=120, verbose_name="兑现方式")),
                    ("steps", models.TextField(max_length=2000, verbose_name="办理流程")),
                    (
                        "limit_count",
                        models.PositiveIntegerField(blank=True, null=True, verbose_name="指南时限"),
                    ),
                    ("limit_unit", models.CharField(blank=True, max_length=16, verbose_name="时限单位")),
                    ("valid_from", models.DateField(verbose_name="生效日期")),
                    ("valid_to", models.DateField(blank=True, null=True, verbose_name="失效日期")),
                    (
                        "own_valid_to",
                        models.DateField(
                            blank=True, editable=False, null=True, verbose_name="指南载明的失效日期"
                        ),
                    ),
                    ("claims_from", models.DateField(blank=True, null=True, verbose_name="申报开始")),
                    ("claims_to", models.DateField(blank=True, null=True, verbose_name="申报截止")),
                    ("fund", models.CharField(blank=True, max_length=120, verbose_name="资金来源")),
                    ("contact_phone", models.CharField(max_length=40, verbose_name="咨询电话")),
                    ("watch_phone", models.CharField(blank=True, max_length=40, verbose_name="监督电话")),
                    (
                        "higher_number",
                        models.CharField(blank=True, max_length=60, verbose_name="上级平台编号"),
                    ),
                    ("published_on", models.DateField(blank=True, null=True, verbose_name="发布日期")),
                    ("returned_why", models.CharField(blank=True, max_length=300, verbose_name="退回原因")),
                    ("ended_on", models.DateField(blank=True, null=True, verbose_name="停止日期")),
                    ("ended_why", models.CharField(blank=True, max_length=300, verbose_name="停止原因")),
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
                        "department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="benefit_items",
                            to="departments.department",
                            verbose_name="主管部门",
                        ),
                    ),
                    (
                        "drafted_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="起草人",
                        ),
                    ),
                    (
                        "item",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="versions",
                            to="benefits.benefititem",
                            verbose_name="事项",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "事项版本",
                    "verbose_name_plural": "事项版本",
                    "ordering": ["item__code", "-number"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("item", "number"), name="an_item_numbers_a_version_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                            ),
                            name="a_version_ends_after_it_begins",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("ceiling", None), ("ceiling__gt", 0), _connector="OR"),
                            name="a_ceiling_is_above_nothing",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("approved_by", models.F("drafted_by")), _negated=True),
                            name="nobody_approves_their_own_item",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "ended"), _negated=True),
                                ("ended_on__isnull", False),
                                _connector="OR",
                            ),
                            name="an_ended_version_ended_on_a_day",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="FixedList",
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
                            choices=[("drawn_up", "待确认"), ("confirmed", "已确认"), ("returned", "退回")],
                            default="drawn_up",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("drawn_up_at", models.DateTimeField(verbose_name="拟定时间")),
                    ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
                    ("opinion", models.CharField(blank=True, max_length=300, verbose_name="意见")),
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
                        "drawn_up_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="拟定人",
                        ),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="fixed_lists",
                            to="benefits.itemversion",
                            verbose_name="事项版本",
                        ),
                    ),
                    (
                        "firms",
                        models.ManyToManyField(
                            related_name="+",
                            through="benefits.ListedFirm",
                            to="benefits.firm",
                            verbose_name="企业",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "免申即享名单",
                    "verbose_name_plural": "免申即享名单",
                    "ordering": ["-id"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("confirmed_by", models.F("drawn_up_by")), _negated=True),
                            name="nobody_confirms_their_own_list_of_firms",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Claim",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "amount_asked",
                        models.DecimalField(
                            blank=True,
                            decimal_places=2,
                            max_digits=14,
                            null=True,
                            verbose_name="申请金额（元）",
                        ),
                    ),
                    ("account", models.TextField(blank=True, editable=False, verbose_name="密封的收款账户")),
                    ("is_promised", models.BooleanField(default=False, verbose_name="已承诺材料真实")),
                    (
                        "matter",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="claim",
                            to="casework.matter",
                            verbose_name="事项",
                        ),
                    ),
                    (
                        "firm",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="claims",
                            to="benefits.firm",
                            verbose_name="企业",
                        ),
                    ),
                    (
                        "from_list",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="claims",
                            to="benefits.fixedlist",
                            verbose_name="免申即享名单",
                        ),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="claims",
                            to="benefits.itemversion",
                            verbose_name="事项版本",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "惠企申请",
                    "verbose_name_plural": "惠企申请",
                    "ordering": ["-id"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("amount_asked", None), ("amount_asked__gte", 0), _connector="OR"
                            ),
                            name="nobody_claims_less_than_nothing",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="ClaimDecision",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("cycle", models.PositiveIntegerField(default=0, verbose_name="第几次办理")),
                    ("is_granted", models.BooleanField(verbose_name="批准")),
                    (
                        "amount",
                        models.DecimalField(
                            blank=True,
                            decimal_places=2,
                            max_digits=14,
                            null=True,
                            verbose_name="批准金额（元）",
                        ),
                    ),
                    ("takes_effect_on", models.DateField(blank=True, null=True, verbose_name="权益生效日期")),
                    ("clause", models.CharField(max_length=120, verbose_name="依据条款")),
                    ("reason", models.CharField(blank=True, max_length=500, verbose_name="理由")),
                    ("remedy", models.CharField(blank=True, max_length=300, verbose_name="救济途径")),
                    ("approver", models.CharField(max_length=40, verbose_name="审批人")),
                    ("decided_at", models.DateTimeField(verbose_name="审批时间")),
                    (
                        "first_decided_at",
                        models.DateTimeField(
                            blank=True,
                            help_text="重新审批后结论不变的，为最初审批的时间。",
                            null=True,
                            verbose_name="首次审批时间",
                        ),
                    ),
                    (
                        "amount_before",
                        models.DecimalField(
                            blank=True,
                            decimal_places=2,
                            max_digits=14,
                            null=True,
                            verbose_name="以前月份批准的金额（元）",
                        ),
                    ),
                    (
                        "claim",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="decisions",
                            to="benefits.claim",
                            verbose_name="申请",
                        ),
                    ),
                    (
                        "decided_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="经办人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "审批决定",
                    "verbose_name_plural": "审批决定",
                    "ordering": ["claim_id", "cycle"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("claim", "cycle"), name="a_claim_is_decided_once_a_cycle"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("is_granted", True),
                                models.Q(("amount", None), ("takes_effect_on", None)),
                                _connector="OR",
                            ),
                            name="a_refusal_grants_nothing",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("amount", None), ("amount__gt", 0), _connector="OR"),
                            name="a_granted_amount_is_above_nothing",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="FirmLabel",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("label", models.CharField(max_length=32, verbose_name="标签")),
                    ("value", models.CharField(max_length=60, verbose_name="取值")),
                    (
                        "source",
                        models.CharField(
                            choices=[("list", "名册导入"), ("firm", "企业填报"), ("window", "窗口登记")],
                            max_length=16,
                            verbose_name="来源",
                        ),
                    ),
                    ("told_on", models.DateField(verbose_name="日期")),
                    (
                        "firm",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="labels",
                            to="benefits.firm",
                            verbose_name="企业",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "企业标签",
                    "verbose_name_plural": "企业标签",
                    "ordering": ["firm_id", "label"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("firm", "label"), name="a_firm_has_one_value_of_a_label"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="FundPool",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("level", models.CharField(max_length=32, verbose_name="层级")),
                    ("name", models.CharField(max_length=80, verbose_name="资金池")),
                    ("year", models.PositiveIntegerField(verbose_name="年度")),
                    ("closed_on", models.DateField(blank=True, null=True, verbose_name="年终结账日期")),
                ],
                options={
                    "verbose_name": "资金池",
                    "verbose_name_plural": "资金池",
                    "ordering": ["-year", "name"],
                    "constraints": [
                        models.UniqueConstraint(fields=("level", "year"), name="a_level_has_one_pool_a_year")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Payment",
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
                                ("waiting", "待资金"),
                                ("requested", "已申请支付"),
                                ("ordered", "支付中"),
                                ("paid", "已到账"),
                                ("refunded", "已退回"),
                            ],
                            default="requested",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    (
                        "amount",
                        models.DecimalField(decimal_places=2, max_digits=14, verbose_name="金额（元）"),
                    ),
                    ("requested_on", models.DateField(verbose_name="申请支付日期")),
                    ("let_in_on", models.DateField(blank=True, null=True, verbose_name="落实资金日期")),
                    ("ordered_on", models.DateField(blank=True, null=True, verbose_name="支付令日期")),
                    ("bank_on", models.DateField(blank=True, null=True, verbose_name="银行到账日期")),
                    ("refunded_on", models.DateField(blank=True, null=True, verbose_name="退回日期")),
                    ("refund_why", models.CharField(blank=True, max_length=200, verbose_name="退回原因")),
                    (
                        "decision",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="payments",
                            to="benefits.claimdecision",
                            verbose_name="审批决定",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "兑现支付",
                    "verbose_name_plural": "兑现支付",
                    "ordering": ["decision__decided_at", "id"],
                    "indexes": [models.Index(fields=["state", "ordered_on"], name="payments_by_state")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("amount__gt", 0)), name="a_payment_is_above_nothing"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("bank_on", None),
                                models.Q(
                                    ("ordered_on__isnull", False), ("bank_on__gte", models.F("ordered_on"))
                                ),
                                _connector="OR",
                            ),
                            name="money_arrives_after_the_order",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("ordered_on", None),
                                ("ordered_on__gte", models.F("requested_on")),
                                _connector="OR",
                            ),
                            name="a_payment_is_ordered_after_the_request",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="FundShare",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "amount",
                        models.DecimalField(decimal_places=2, max_digits=14, verbose_name="金额（元）"),
                    ),
                    (
                        "pool",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="shares",
                            to="benefits.fundpool",
                            verbose_name="资金池",
                        ),
                    ),
                    (
                        "payment",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="shares",
                            to="benefits.payment",
                            verbose_name="支付",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "分担",
                    "verbose_name_plural": "分担",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("payment", "pool"), name="a_pool_bears_one_part_of_a_payment"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("amount__gt", 0)), name="a_part_is_above_nothing"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="FundEntry",
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
                            choices=[
                                ("budget", "预算"),
                                ("refill", "补充"),
                                ("payment", "兑现"),
                                ("refund", "退回"),
                                ("closing", "年终收回"),
                            ],
                            max_length=16,
                            verbose_name="类别",
                        ),
                    ),
                    (
                        "amount",
                        models.DecimalField(decimal_places=2, max_digits=14, verbose_name="金额（元）"),
                    ),
                    ("day", models.DateField(verbose_name="日期")),
                    ("remark", models.CharField(blank=True, max_length=200, verbose_name="说明")),
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
                        "pool",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="entries",
                            to="benefits.fundpool",
                            verbose_name="资金池",
                        ),
                    ),
                    (
                        "share",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="entries",
                            to="benefits.fundshare",
                            verbose_name="分担",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "资金池流水",
                    "verbose_name_plural": "资金池流水",
                    "ordering": ["day", "id"],
                },
            ),
            migrations.CreateModel(
                name="Condition",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("label", models.CharField(blank=True, max_length=32, verbose_name="标签")),
                    (
                        "test",
                        models.CharField(
                            choices=[
                                ("is", "为"),
                                ("one_of", "为其中之一"),
                                ("at_least", "不少于"),
                                ("at_most", "不多于"),
                                ("since", "不早于"),
                                ("until", "不晚于"),
                                ("words", "由窗口核对"),
                            ],
                            default="words",
                            max_length=16,
                            verbose_name="判断",
                        ),
                    ),
                    ("value", models.CharField(blank=True, max_length=200, verbose_name="取值")),
                    ("says", models.CharField(max_length=300, verbose_name="条件")),
                    ("order", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                    (
                        "version",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="conditions",
                            to="benefits.itemversion",
                            verbose_name="事项版本",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "申报条件",
                    "verbose_name_plural": "申报条件",
                    "ordering": ["order", "id"],
                },
            ),
            migrations.CreateModel(
                name="LevelShare",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("level", models.CharField(max_length=32, verbose_name="层级")),
                    (
                        "percent",
                        models.DecimalField(decimal_places=2, max_digits=5, verbose_name="比例（%）"),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="level_shares",
                            to="benefits.itemversion",
                            verbose_name="事项版本",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "分担比例",
                    "verbose_name_plural": "分担比例",
                    "ordering": ["id"],
                    "constraints": [
                        models.UniqueConstraint(fields=("version", "level"), name="a_level_bears_one_share"),
                        models.CheckConstraint(
                            condition=models.Q(("percent__gt", 0), ("percent__lte", 100)),
                            name="a_share_is_a_percentage",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ListedFirm",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("left_out", models.CharField(blank=True, max_length=300, verbose_name="未列入原因")),
                    (
                        "firm",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="benefits.firm",
                            verbose_name="企业",
                        ),
                    ),
                    (
                        "fixed_list",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="listed",
                            to="benefits.fixedlist",
                            verbose_name="名单",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "名单上的企业",
                    "verbose_name_plural": "名单上的企业",
                    "ordering": ["firm__credit_code"],
                    "constraints": [
                        models.UniqueConstraint(fields=("fixed_list", "firm"), name="a_firm_is_listed_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Match",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "answer",
                        models.CharField(
                            choices=[("yes", "符合"), ("unknown", "可能符合，待确认"), ("no", "不符合")],
                            max_length=16,
                            verbose_name="结果",
                        ),
                    ),
                    ("label", models.CharField(blank=True, max_length=32, verbose_name="决定的标签")),
                    ("pushed_on", models.DateField(blank=True, null=True, verbose_name="推送日期")),
                    (
                        "firm",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="matches",
                            to="benefits.firm",
                            verbose_name="企业",
                        ),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="matches",
                            to="benefits.itemversion",
                            verbose_name="事项版本",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "匹配结果",
                    "verbose_name_plural": "匹配结果",
                    "indexes": [
                        models.Index(fields=["version", "answer", "firm"], name="matches_of_a_version")
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("version", "firm"), name="a_firm_is_matched_once_with_a_version"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="MonthNotice",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("month", models.DateField(help_text="当月第一天。", verbose_name="月份")),
                    ("number", models.PositiveIntegerField(default=1, verbose_name="版次")),
                    ("content", models.JSONField(verbose_name="内容")),
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
                ],
                options={
                    "verbose_name": "兑现通报",
                    "verbose_name_plural": "兑现通报",
                    "ordering": ["-month", "-number"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("month", "number"), name="a_notice_is_closed_once_a_version"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("number", 1), models.Q(("reason", ""), _negated=True), _connector="OR"
                            ),
                            name="a_notice_is_closed_again_for_a_reason",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="NeededPaper",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=120, verbose_name="材料名称")),
                    ("copies", models.PositiveIntegerField(default=1, verbose_name="份数")),
                    ("may_be_waived", models.BooleanField(default=False, verbose_name="可以免提交")),
                    ("order", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                    (
                        "version",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="papers",
                            to="benefits.itemversion",
                            verbose_name="事项版本",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "申报材料",
                    "verbose_name_plural": "申报材料",
                    "ordering": ["order", "id"],
                },
            ),
            migrations.CreateModel(
                name="ClaimPaper",
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
                            choices=[("handed_in", "已提交"), ("waived", "免提交"), ("missing", "缺")],
                            default="missing",
                            max_length=16,
                            verbose_name="情况",
                        ),
                    ),
                    (
                        "asked",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="casework.stop",
                            verbose_name="补正通知",
                        ),
                    ),
                    (
                        "claim",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="papers",
                            to="benefits.claim",
                            verbose_name="申请",
                        ),
                    ),
                    (
                        "files",
                        models.ManyToManyField(
                            blank=True, related_name="+", to="casework.matterfile", verbose_name="文件"
                        ),
                    ),
                    (
                        "paper",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="benefits.neededpaper",
                            verbose_name="材料",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "材料核对",
                    "verbose_name_plural": "材料核对",
                    "constraints": [
                        models.UniqueConstraint(fields=("claim", "paper"), name="a_claim_has_a_paper_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="NoticePublication",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("published_at", models.DateTimeField(verbose_name="公布时间")),
                    (
                        "notice",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="publication",
                            to="benefits.monthnotice",
                            verbose_name="兑现通报",
                        ),
                    ),
                    (
                        "published_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="公布人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "通报公布",
                    "verbose_name_plural": "通报公布",
                },
            ),
        ),
    ]
