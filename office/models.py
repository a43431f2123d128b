"""What every room needs: users with one role, audit entries, durable jobs, the calendar."""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_totp.models import TOTPDevice

from office import dates, encrypted_secrets
from office.roles import Role


class Users(UserManager["User"]):
    """Makes users; the first one on a new machine becomes the system administrator."""

    use_in_migrations = False

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra_fields: Any
    ) -> User:
        """Create an administrator: a superuser is nothing beyond that role."""
        extra_fields.setdefault("role", Role.ADMINISTRATOR)
        return super().create_superuser(username, email, password, **extra_fields)


class User(AbstractUser):
    """Somebody who works with the system (用户)."""

    first_name = models.CharField("姓名", max_length=150, blank=True)  # the whole name, as it is called
    last_name = None  # type: ignore[assignment] # Django's documented way to leave a field out
    role = models.CharField("岗位角色", max_length=32, choices=Role, blank=True)
    must_change_password = models.BooleanField("登录后须修改密码", default=False, editable=False)

    objects: ClassVar[Users] = Users()

    class Meta(AbstractUser.Meta):
        verbose_name = "用户"
        verbose_name_plural = "用户"

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        return self.first_name.strip()

    def get_session_auth_hash(self) -> str:
        """Bind sessions to the role: a user whose role changes must sign in again."""
        return salted_hmac("office.role", f"{super().get_session_auth_hash()}{self.role}").hexdigest()


class Session(AbstractBaseSession):
    """A browser that is signed in (登录会话), so that its user can see and end it."""

    user = models.ForeignKey(
        User, verbose_name="用户", null=True, on_delete=models.CASCADE, related_name="sessions"
    )
    began_at = models.DateTimeField("登录时间", null=True)
    seen_at = models.DateTimeField("最近使用", null=True)
    address = models.GenericIPAddressField("来源地址", null=True)
    device = models.CharField("设备", max_length=60, blank=True)

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "登录会话"
        verbose_name_plural = "登录会话"

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        store: type[SessionStore] = import_module(settings.SESSION_ENGINE).SessionStore
        return store

    @property
    def handle(self) -> str:
        """Name the session on pages; its key would let a reader in."""
        return salted_hmac("office.session", self.session_key).hexdigest()[:20]


class Phone(TOTPDevice):
    """A phone that shows codes (动态口令); `key` holds its secret sealed (等保 2.0)."""

    class Meta:
        proxy = True
        verbose_name = "动态口令"
        verbose_name_plural = "动态口令"

    @property
    def bin_key(self) -> bytes:
        """The secret; raises `Unreadable` under another SECRET_KEY."""
        return encrypted_secrets.opened(self.key, owner=self.user_id)


class AccountRequest(models.Model):
    """What an administrator wants to do with a privileged account (账户申请); somebody else agrees first."""

    class Act(models.TextChoices):
        PASSWORD = "password", "重设一次性密码"
        PHONE = "phone", "重置动态口令"

    class State(models.TextChoices):
        WAITING = "waiting", "待确认"
        AGREED = "agreed", "已同意，可以办理"
        REFUSED = "refused", "不同意"
        DONE = "done", "已办理"

    user = models.ForeignKey(User, verbose_name="账户", on_delete=models.PROTECT, related_name="requests")
    act = models.CharField("申请事项", max_length=16, choices=Act)
    state = models.CharField("状态", max_length=16, choices=State, default=State.WAITING)
    asked_by = models.ForeignKey(User, verbose_name="申请人", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(
        User, verbose_name="确认人", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "账户申请"
        verbose_name_plural = "账户申请"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | ~models.Q(decided_by=models.F("asked_by")) & ~models.Q(decided_by=models.F("user")),
                name="an_account_request_is_decided_by_somebody_else",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}：{self.user}"


class AuditBlock(models.Model):
    """A sealed stretch of the audit (审计存证块): digests of its entries, chained to the block before.

    `digests` lists [entry id, SHA-256] in order, so that a check can name the first broken entry.
    """

    number = models.PositiveIntegerField("块号", unique=True)
    sealed_at = models.DateTimeField("存证时间")
    digests = models.JSONField("条目摘要", default=list)
    count = models.PositiveIntegerField("条目数")
    previous = models.CharField("上一块校验值", max_length=64, blank=True)
    digest = models.CharField("校验值", max_length=64)

    class Meta:
        verbose_name = "审计存证块"
        verbose_name_plural = "审计存证块"
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"第{self.number}块"


class AuditEntries(models.QuerySet["AuditEntry"]):
    """Entries of the audit: read and added to, never changed or removed, not even in bulk."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("the audit is append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse: the audit is append-only; the software never deletes from it."""
        raise TypeError("the audit is append-only")

    def bulk_create(self, *args: Any, **options: Any) -> Any:
        """Add entries, never write over them on a conflict."""
        if options.get("update_conflicts") or any(args[3:]):
            raise TypeError("the audit is append-only")
        return super().bulk_create(*args, **options)

    def put_into(self, block: AuditBlock) -> int:
        """Note in which block entries were sealed: the one thing written to them after their making."""
        return super().update(block=block)


class AuditEntry(models.Model):
    """One act of one user (操作审计), written in the transaction of the act; append-only.

    Ballots never appear here. `before` and `after` hold the changed fields only.
    """

    at = models.DateTimeField("时间", default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        User, verbose_name="操作人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_name = models.CharField("操作人姓名", max_length=150, blank=True)
    role = models.CharField("当时角色", max_length=32, choices=Role, blank=True)
    verb = models.CharField("动作", max_length=64)
    object_type = models.CharField("对象类型", max_length=64)
    object_id = models.CharField("对象编号", max_length=64, blank=True)
    object_label = models.CharField("对象", max_length=200, blank=True)
    before = models.JSONField("变更前", default=dict, blank=True)
    after = models.JSONField("变更后", default=dict, blank=True)
    address = models.GenericIPAddressField("来源地址", null=True, blank=True)
    block = models.ForeignKey(
        AuditBlock,
        verbose_name="存证块",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="entries",
    )

    objects = AuditEntries.as_manager()

    class Meta:
        verbose_name = "操作审计"
        verbose_name_plural = "操作审计"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["object_type", "object_id"], name="audit_of_an_object")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_label}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Insert once; a written entry is never changed."""
        if self.pk is not None:
            raise TypeError("an audit entry is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise TypeError("an audit entry is append-only")


class Job(models.Model):
    """Background work as a durable row (后台任务): a killed worker loses nothing."""

    class State(models.TextChoices):
        QUEUED = "queued", "等待中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "未完成"

    kind = models.CharField("任务", max_length=64)
    arguments = models.JSONField("参数", default=dict, blank=True)
    state = models.CharField("状态", max_length=16, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    message = models.TextField("说明", blank=True)
    outcome = models.JSONField("结果", default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    lease_until = models.DateTimeField("租约到期", null=True, blank=True)
    created_by = models.ForeignKey(
        User, verbose_name="发起人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("发起时间", default=timezone.now)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    # Of the request that started it (office.trace); the database fills it in for an earlier version.
    trace = models.CharField("请求编号", max_length=64, blank=True, default="", db_default="")

    class Meta:
        verbose_name = "后台任务"
        verbose_name_plural = "后台任务"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["state", "lease_until"], name="jobs_to_sweep")]

    def __str__(self) -> str:
        return f"后台任务{self.pk}"


class TimedRun(models.Model):
    """When a task that runs by the clock last began, by the database's clock (定时任务)."""

    name = models.CharField("任务", max_length=64, primary_key=True)
    at = models.DateTimeField("上次运行", db_default=Now())

    class Meta:
        verbose_name = "定时任务"
        verbose_name_plural = "定时任务"

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """A day whose kind differs from its weekday (节假日与调休), after the State Council's notice."""

    day = models.DateField("日期", unique=True)
    name = models.CharField("名称", max_length=40, blank=True)
    is_working_day = models.BooleanField("是否上班", default=False, help_text="调休上班的周末请勾选。")

    class Meta:
        verbose_name = "节假日"
        verbose_name_plural = "节假日"
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return f"{dates.day(self.day)} {self.name}"


class OfficeHours(models.Model):
    """When an office is open, from a day on (办公时间): what limits in hours and ends of days rest on."""

    place = models.CharField(
        "场所",
        max_length=80,
        blank=True,
        help_text="例如某政务服务大厅；留空即全县机关，没有单独规定的场所照此执行。",
    )
    valid_from = models.DateField("自何日起")
    shifts = models.CharField(
        "办公时间", max_length=120, help_text="例如 09:00-12:00, 13:00-17:00；几段之间用逗号隔开。"
    )

    class Meta:
        verbose_name = "办公时间"
        verbose_name_plural = "办公时间"
        ordering: ClassVar = ["place", "-valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "valid_from"], name="a_place_has_one_set_of_hours_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.place or '全县机关'} 自{dates.day(self.valid_from)}起 {self.shifts}"
