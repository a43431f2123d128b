"""All that the migrations up to 0009 lead to, for a database that has none of them.

What they did to rows that were there is left out, an empty database has none.
"""

import django.core.validators
import django.db.models.deletion
import office.files.stored
from django.conf import settings
from django.db import migrations, models
from office.create_models import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("departments", "0001_initial"),
        ("departments", "0002_initial"),
        ("departments", "0003_shown"),
        ("departments", "0004_tasks"),
        ("departments", "0005_reading"),
        ("departments", "0006_strokes"),
        ("departments", "0007_photos_in_the_media_storage"),
        ("departments", "0008_units"),
        ("departments", "0009_notices"),
    ]

    initial = True

    dependencies = [
        ("office", "0009_marker"),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="Town",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=40, unique=True, verbose_name="镇（街）")),
                    ("order", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                ],
                options={
                    "verbose_name": "镇（街）",
                    "verbose_name_plural": "镇（街）",
                    "ordering": ["order", "id"],
                },
            ),
            migrations.CreateModel(
                name="Department",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=80, unique=True, verbose_name="单位名称")),
                    (
                        "order",
                        models.PositiveIntegerField(
                            default=0, help_text="数字小的排在前面。", verbose_name="机构序列"
                        ),
                    ),
                    (
                        "peer_group",
                        models.CharField(
                            default="县直部门",
                            help_text="在某个评价方案中分组不同的，在下方“各方案分组”中填写。",
                            max_length=40,
                            verbose_name="系列（分组）",
                        ),
                    ),
                    (
                        "superior",
                        models.CharField(
                            blank=True,
                            help_text="垂直管理单位填写。",
                            max_length=80,
                            verbose_name="上级主管部门",
                        ),
                    ),
                    ("is_active", models.BooleanField(default=True, verbose_name="在评价范围内")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("department", "机关部门"),
                                ("town", "乡镇街道"),
                                ("county", "县区"),
                                ("zone", "开发区"),
                                ("enterprise", "公共服务企业"),
                                ("section", "科室"),
                                ("window", "服务窗口"),
                            ],
                            default="department",
                            help_text="只有机关部门公示身份和职责；其他类别的单位只参加以其分组为对象的评价。",
                            max_length=16,
                            verbose_name="单位类别",
                        ),
                    ),
                    (
                        "parent",
                        models.ForeignKey(
                            blank=True,
                            help_text="科室、服务窗口所在的单位；乡镇街道等可填所属县区。",
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="parts",
                            to="departments.department",
                            verbose_name="所属单位",
                        ),
                    ),
                    (
                        "town",
                        models.OneToOneField(
                            blank=True,
                            help_text="乡镇街道作为评价对象时，选择组织评价的是哪个镇（街）。",
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="unit",
                            to="departments.town",
                            verbose_name="对应的镇（街）",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "单位",
                    "verbose_name_plural": "单位",
                    "ordering": ["order", "id"],
                },
            ),
            migrations.CreateModel(
                name="TownAlias",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=40, unique=True, verbose_name="别名")),
                    (
                        "town",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="aliases",
                            to="departments.town",
                            verbose_name="镇（街）",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "镇街别名",
                    "verbose_name_plural": "镇街别名",
                },
            ),
            migrations.CreateModel(
                name="DepartmentAlias",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=80, unique=True, verbose_name="别名")),
                    (
                        "department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="aliases",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "单位别名",
                    "verbose_name_plural": "单位别名",
                },
            ),
            migrations.CreateModel(
                name="Membership",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "department",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="memberships",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                    (
                        "user",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="membership",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="用户",
                        ),
                    ),
                    (
                        "town",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="memberships",
                            to="departments.town",
                            verbose_name="镇（街）",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "用户归属",
                    "verbose_name_plural": "用户归属",
                },
            ),
            migrations.CreateModel(
                name="Task",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("title", models.CharField(max_length=120, verbose_name="任务")),
                    ("detail", models.TextField(blank=True, verbose_name="要求")),
                    ("starts_on", models.DateField(verbose_name="开始日期")),
                    ("due_on", models.DateField(db_index=True, verbose_name="完成期限")),
                    (
                        "percent",
                        models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="进度（%）"),
                    ),
                    (
                        "done_on",
                        models.DateField(blank=True, editable=False, null=True, verbose_name="完成日期"),
                    ),
                    (
                        "department",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="tasks",
                            to="departments.department",
                            verbose_name="责任单位",
                        ),
                    ),
                    (
                        "town",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="tasks",
                            to="departments.town",
                            verbose_name="责任镇（街）",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "任务",
                    "verbose_name_plural": "任务",
                    "ordering": ["due_on", "id"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("department__isnull", False), ("town__isnull", True)),
                                models.Q(("department__isnull", True), ("town__isnull", False)),
                                _connector="OR",
                            ),
                            name="a_task_has_one_owner",
                            violation_error_message="请在责任单位和责任镇（街）中选择一个，没有保存。",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("due_on__gte", models.F("starts_on"))),
                            name="a_task_is_due_after_its_start",
                            violation_error_message="完成期限不能早于开始日期，没有保存。",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("percent__lte", 100)), name="a_task_is_done_at_a_hundred"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="TaskProgress",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="填报时间")),
                    ("percent", models.PositiveSmallIntegerField(verbose_name="进度（%）")),
                    ("note", models.TextField(verbose_name="进展情况")),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="填报人",
                        ),
                    ),
                    (
                        "task",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="progress",
                            to="departments.task",
                            verbose_name="任务",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "任务进展",
                    "verbose_name_plural": "任务进展",
                    "ordering": ["-id"],
                },
            ),
            migrations.CreateModel(
                name="Hall",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=60, unique=True, verbose_name="大厅名称")),
                    ("address", models.CharField(blank=True, max_length=120, verbose_name="地址")),
                    (
                        "hours",
                        models.CharField(
                            blank=True,
                            help_text="例如：工作日9:00—17:00。",
                            max_length=120,
                            verbose_name="办公时间",
                        ),
                    ),
                    ("order", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                    (
                        "town",
                        models.ForeignKey(
                            blank=True,
                            help_text="镇（街）便民服务中心填写。",
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="halls",
                            to="departments.town",
                            verbose_name="镇（街）",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "办事大厅",
                    "verbose_name_plural": "办事大厅",
                    "ordering": ["order", "id"],
                },
            ),
            migrations.CreateModel(
                name="UnitGroup",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("scheme_id", models.CharField(max_length=64, verbose_name="方案编号")),
                    ("group", models.CharField(max_length=40, verbose_name="分组")),
                    (
                        "department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="groups",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "方案分组",
                    "verbose_name_plural": "各方案分组",
                    "ordering": ["scheme_id", "id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("department", "scheme_id"),
                            name="a_scheme_groups_a_unit_once",
                            violation_error_message="同一方案只能填写一个分组。",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Window",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.CharField(max_length=12, verbose_name="窗口号")),
                    (
                        "name",
                        models.CharField(
                            help_text="例如：不动产登记。", max_length=40, verbose_name="窗口名称"
                        ),
                    ),
                    (
                        "matters",
                        models.TextField(blank=True, help_text="每行一项。", verbose_name="办理事项"),
                    ),
                    (
                        "is_active",
                        models.BooleanField(
                            default=True, help_text="撤销的窗口取消勾选，不再列入评价。", verbose_name="在用"
                        ),
                    ),
                    (
                        "department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="windows",
                            to="departments.department",
                            verbose_name="进驻单位",
                        ),
                    ),
                    (
                        "hall",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="windows",
                            to="departments.hall",
                            verbose_name="办事大厅",
                        ),
                    ),
                    (
                        "unit",
                        models.OneToOneField(
                            editable=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="window",
                            to="departments.department",
                            verbose_name="参评单位",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "服务窗口",
                    "verbose_name_plural": "服务窗口",
                    "ordering": ["hall__order", "hall_id", "id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("hall", "number"),
                            name="a_hall_numbers_a_window_once",
                            violation_error_message="该大厅已有这一窗口号，没有保存。请核对。",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Notice",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("source", models.CharField(max_length=24, verbose_name="来源")),
                    ("source_key", models.CharField(max_length=64, verbose_name="来源编号")),
                    ("kind", models.CharField(max_length=40, verbose_name="类别")),
                    ("subject", models.CharField(max_length=200, verbose_name="事由")),
                    ("url", models.CharField(blank=True, max_length=200, verbose_name="办理页面")),
                    ("sent_at", models.DateTimeField(verbose_name="发送时间")),
                    ("due_on", models.DateField(blank=True, null=True, verbose_name="签收期限")),
                    ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="签收时间")),
                    ("taken_back_at", models.DateTimeField(blank=True, null=True, verbose_name="收回时间")),
                    (
                        "department",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="notices",
                            to="departments.department",
                            verbose_name="送达单位",
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
                            verbose_name="签收人",
                        ),
                    ),
                    (
                        "sent_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="发送人",
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="notices",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="送达用户",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "通知",
                    "verbose_name_plural": "通知",
                    "ordering": ["-id"],
                    "indexes": [
                        models.Index(fields=["department", "received_at"], name="notices_of_a_unit"),
                        models.Index(fields=["user", "received_at"], name="notices_of_a_user"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("department__isnull", False), ("user__isnull", True)),
                                models.Q(("department__isnull", True), ("user__isnull", False)),
                                _connector="OR",
                            ),
                            name="a_notice_has_one_addressee",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("received_at__isnull", True), ("received_by__isnull", True)),
                                models.Q(("received_at__isnull", False), ("received_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="a_receipt_has_a_name_and_a_time",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("department__isnull", False)),
                            fields=("source", "source_key", "department"),
                            name="a_unit_is_told_once",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("user__isnull", False)),
                            fields=("source", "source_key", "user"),
                            name="a_user_is_told_once",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Nudge",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "channel",
                        models.CharField(
                            choices=[("mail", "电子邮件"), ("messenger", "即时通讯")],
                            max_length=16,
                            verbose_name="渠道",
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[("waiting", "待发送"), ("sent", "已发送"), ("failed", "未送出")],
                            default="waiting",
                            max_length=16,
                            verbose_name="状态",
                        ),
                    ),
                    ("due_at", models.DateTimeField(verbose_name="下次发送时间")),
                    ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="已尝试次数")),
                    ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="送出时间")),
                    ("fault", models.CharField(blank=True, max_length=200, verbose_name="未送出的原因")),
                    (
                        "user",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="用户",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "外发提醒",
                    "verbose_name_plural": "外发提醒",
                    "ordering": ["-id"],
                    "indexes": [models.Index(fields=["state", "due_at"], name="nudges_to_send")],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("channel", "mail"), ("state", "waiting")),
                            fields=("user",),
                            name="one_mail_waits_for_a_user",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("channel", "messenger"), ("state", "waiting")),
                            fields=("channel",),
                            name="one_message_waits_for_the_group",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("channel", "mail"), ("user__isnull", False)),
                                models.Q(("channel", "messenger"), ("user__isnull", True)),
                                _connector="OR",
                            ),
                            name="mail_goes_to_a_user",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Section",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=60, verbose_name="科（室）")),
                    ("order", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                    (
                        "is_leadership",
                        models.BooleanField(
                            default=False,
                            help_text="单位领导班子所在的栏目，不是业务科室。",
                            verbose_name="局领导",
                        ),
                    ),
                    (
                        "topic",
                        models.CharField(
                            choices=[
                                ("approval", "审批服务"),
                                ("supervision", "监管监督"),
                                ("business", "业务办理"),
                            ],
                            default="business",
                            max_length=16,
                            verbose_name="事项类别",
                        ),
                    ),
                    ("responsibilities", models.TextField(blank=True, verbose_name="岗位职责")),
                    ("work_rules", models.TextField(blank=True, verbose_name="工作制度")),
                    ("service_words", models.TextField(blank=True, verbose_name="服务用语")),
                    (
                        "department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="sections",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                    (
                        "supervising_leader",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="supervised_sections",
                            to="departments.staffmember",
                            verbose_name="分管负责人",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "科（室）",
                    "verbose_name_plural": "科（室）",
                    "ordering": ["department__order", "order", "id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("department", "name"), name="a_department_names_a_section_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="ServiceItem",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=120, verbose_name="事项名称")),
                    ("procedure", models.TextField(blank=True, verbose_name="办理流程")),
                    ("time_limit", models.CharField(blank=True, max_length=120, verbose_name="办理时限")),
                    ("order", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                    (
                        "section",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="items",
                            to="departments.section",
                            verbose_name="科（室）",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "事项",
                    "verbose_name_plural": "事项",
                    "ordering": ["section", "order", "id"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("section", "name"), name="a_section_lists_an_item_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="StaffMember",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=40, verbose_name="姓名")),
                    (
                        "name_initials",
                        models.CharField(
                            blank=True,
                            db_index=True,
                            editable=False,
                            max_length=40,
                            verbose_name="拼音首字母",
                        ),
                    ),
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
                    (
                        "office_phone",
                        models.CharField(
                            blank=True,
                            help_text="仅供内部使用，不对外公开。",
                            max_length=40,
                            verbose_name="办公电话",
                        ),
                    ),
                    (
                        "photo",
                        models.ImageField(
                            blank=True,
                            storage=office.files.stored.media,
                            upload_to="photos/",
                            verbose_name="照片",
                        ),
                    ),
                    (
                        "photo_basis",
                        models.CharField(blank=True, max_length=120, verbose_name="照片公开依据"),
                    ),
                    ("is_judged", models.BooleanField(default=True, verbose_name="参加评价")),
                    ("in_post_since", models.DateField(blank=True, null=True, verbose_name="任现职时间")),
                    ("left_on", models.DateField(blank=True, null=True, verbose_name="离任时间")),
                    (
                        "is_shown",
                        models.BooleanField(
                            default=True,
                            help_text="撤下后，公示页面立即不再显示此人。",
                            verbose_name="对外公示",
                        ),
                    ),
                    ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
                    ("order", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                    (
                        "department",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="staff",
                            to="departments.department",
                            verbose_name="单位",
                        ),
                    ),
                    (
                        "section",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="staff",
                            to="departments.section",
                            verbose_name="科（室）",
                        ),
                    ),
                    (
                        "reading",
                        models.CharField(
                            blank=True,
                            help_text="公众可按拼音首字母查找。系统读错姓名中的多音字时填写，例如 gxm；一般不填。",
                            max_length=40,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^[A-Za-z]+$", "拼音首字母只能填写字母，没有保存。请改正后重新保存。"
                                )
                            ],
                            verbose_name="拼音首字母更正",
                        ),
                    ),
                    (
                        "name_strokes",
                        models.CharField(
                            blank=True, db_index=True, editable=False, max_length=61, verbose_name="笔画次序"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "工作人员",
                    "verbose_name_plural": "工作人员",
                    "ordering": ["department__order", "section__order", "order", "id"],
                    "indexes": [models.Index(fields=["department", "name"], name="staff_by_name")],
                },
            ),
        ),
    ]
