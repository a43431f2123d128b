"""Results of vertical units to their superior body: one package each, and that it was handed over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluations.account.queries import entries, stood
from evaluations.account.reckoning import Registered, State, Stood
from evaluations.models import Disposition, SuperiorReport
from office import audit, roles
from office.errors import Refused
from office.models import User
from office.workbooks.writing import workbook_of

KIND = "superior_report"


@dataclass
class Package:
    """What one superior body gets of a year, and what it got already."""

    body: str
    entries: list[Registered] = field(default_factory=list)
    stood: list[Stood] = field(default_factory=list)
    reports: list[SuperiorReport] = field(default_factory=list)
    sent: set[int] = field(default_factory=set)

    @property
    def waiting(self) -> list[Registered]:
        """Decided, and handed over by no report yet."""
        return [one for one in self.entries if one.counts and one.id not in self.sent]

    @property
    def undecided(self) -> int:
        return sum(1 for one in self.entries if one.state == State.PROPOSED)


def packages(year: int) -> list[Package]:
    found: dict[str, Package] = {}
    bodies: dict[tuple[int, int], str] = {}
    for one in entries(year=year, kind=KIND, target="superior_body"):
        if one.state in (State.SET_ASIDE, State.WITHDRAWN):
            continue
        body = one.superior_body
        found.setdefault(body, Package(body)).entries.append(one)
        bodies[(one.department, one.round)] = body
    for stands in stood(year=year, staff_member=None):
        if body := bodies.get((stands.department, stands.round), ""):
            found[body].stood.append(stands)
    reports = SuperiorReport.objects.filter(year=year, superior_body__in=found)
    for report in reports.prefetch_related("dispositions"):
        package = found[report.superior_body]
        package.reports.append(report)
        package.sent |= {one.pk for one in report.dispositions.all()}
    return [found[body] for body in sorted(found)]


def package_of(year: int, body: str) -> Package:
    for one in packages(year):
        if one.body == body:
            return one
    raise Refused(f"{year}年没有应报送{body}的结果", "请核对年度和上级主管部门。")


HEADINGS = (
    "单位",
    "轮次",
    "方案",
    "得分",
    "等次",
    "名次",
    "名单",
    "处置",
    "条款起因",
    "决定机关",
    "文号",
    "决定日期",
)


def workbook(package: Package) -> bytes:
    """The package as it is handed over: decided units alone."""
    how = {(one.department, one.round): one for one in package.stood}
    rows = [_row(one, how.get((one.department, one.round))) for one in package.entries if one.counts]
    return workbook_of([("考核评议结果", HEADINGS, rows)])


def _row(one: Registered, stands: Stood | None) -> list[object]:
    shown = (
        (stands.name, stands.score, stands.grade, stands.rank, stands.listed_in_words)
        if stands
        else ("", "", "", None, "")
    )
    name, score, grade, rank, listed = shown
    around = (name, one.round_title, one.scheme_title, score, grade, rank, listed)
    return [*around, one.word, one.because, one.body, one.number, one.decided_on]


@transaction.atomic
def record_handing_over(
    *, year: int, body: str, number: str, sent_on: date, now: datetime, acting_user: User
) -> SuperiorReport:
    """Record with number and day that a package went to the superior body (JL-R11); each unit goes once."""
    roles.require(acting_user, "yearly.report")
    number = number.strip()
    if not number:
        raise Refused("没有填写报送文号", "请填写后重新提交。")
    if sent_on > timezone.localdate(now):
        raise Refused("报送日期晚于今天", "请核对报送日期。")
    used = Refused(f"文号{number}已经用过", "请核对报送文号。")
    if SuperiorReport.objects.filter(number=number).exists():
        raise used
    _lock(year)
    package = package_of(year, body)
    if package.undecided:
        raise Refused(
            f"还有{package.undecided}个单位的报送没有决定",
            "请先在处置登记中登记决定文号和日期，或者不予实施。",
        )
    waiting = package.waiting
    if not waiting:
        raise Refused(f"应报送{body}的结果都已经报送", "没有需要再次报送的单位。")
    if any(one.decided_on and one.decided_on > sent_on for one in waiting):
        raise Refused("报送日期早于决定日期", "请核对报送日期。")
    made = SuperiorReport(
        year=year,
        superior_body=body,
        number=number,
        sent_on=sent_on,
        recorded_by=acting_user,
        recorded_at=now,
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise used from error
    made.dispositions.set([one.id for one in waiting])
    after = {
        "年度": year,
        "单位数": len({one.department for one in waiting}),
        "报送日期": sent_on.isoformat(),
    }
    audit.record("登记报送上级", made, acting_user=acting_user, after=after)
    return made


def _lock(year: int) -> None:
    """Two who record the same package wait for each other."""
    rows = Disposition.objects.select_for_update().filter(year=year, kind=KIND).order_by("pk")
    list(rows.values_list("pk"))
