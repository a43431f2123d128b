"""Take in an export of the platform above: a number counts once, later exports change its own state alone."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from benefits.incoming.plan import ClaimsPlan, compared
from benefits.incoming.rows import WHAT, read_export
from benefits.models import Claim, ClaimPaper, Firm, NeededPaper
from benefits.rules import rules
from casework.incoming import writing
from casework.incoming.headings import PROVINCE
from casework.incoming.plan import digest_of_known, known_matters
from casework.matters import numbers
from casework.models import Matter
from casework.procedures.stored import in_use
from office import audit, roles
from office.errors import Refused
from office.imports.unchanged import changed_since_preview
from office.models import User
from office.workbooks.sheets import ReportProgress, digest, silently

AT_ONCE = 500


def preview_claims(
    *, content: bytes, now: datetime, acting_user: User, progress: ReportProgress = silently
) -> ClaimsPlan:
    roles.require(acting_user, "benefit.import")
    version = in_use(rules()[0])
    if PROVINCE not in version.procedure.intake.channels:
        raise Refused("办理规程没有上级平台这一来源", "请核对办理规程。")
    export = read_export(content, today=timezone.localdate(now), progress=progress)
    if not export.rows and not export.faults:
        raise Refused("工作簿中只有表头，没有申请", "请填写后重新上传。")
    progress(len(export.rows), len(export.rows), "正在比对")
    return compared(export, version, PROVINCE)


def import_claims(
    *,
    content: bytes,
    file_name: str,
    now: datetime,
    acting_user: User,
    expected_digest: str | None = None,
    progress: ReportProgress = silently,
) -> ClaimsPlan:
    """Import every row without fault, as previewed, or nothing; a second time there is nothing to do.

    Own intake that is switched off stops no import: what the platform above has is registered here once.
    """
    plan = preview_claims(content=content, now=now, acting_user=acting_user, progress=progress)
    if not plan.writes:
        return plan
    plan.require_previewed(expected_digest)
    progress(plan.rows, plan.rows, "正在写入")
    rows = [row for row, _ in plan.new] + [one.row for one in plan.changes]
    known = digest_of_known(*known_matters(rows))
    try:
        with transaction.atomic():
            numbers.one_at_a_time(plan.version)
            if digest_of_known(*known_matters(rows)) != known:
                raise changed_since_preview()
            writing.write(plan, now=now, by=acting_user)
            _add_claims(plan)
            told = {"文件": file_name, **plan.counts(), "文件校验值": digest(content)}
            audit.record(f"导入{WHAT}", plan.version, acting_user=acting_user, after=told)
    except IntegrityError as error:
        raise changed_since_preview() from error
    return plan


def _add_claims(plan: ClaimsPlan) -> None:
    """Beside each new matter its claim, under the version of the day; a firm that is new here is added."""
    wanted = list(plan.claims.values())
    firms = _firms({row.credit_code: row.firm for row, _ in wanted})
    matters: dict[str, Matter] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = [row.number for row, _ in wanted[start : start + AT_ONCE]]
        found = Matter.objects.filter(procedure_id=plan.version.procedure_id, higher_number__in=some)
        matters |= {one.higher_number: one for one in found}
    claims = []
    for row, version in wanted:
        matter = matters[row.number]
        matter.category = matter.first_category = version.category
        matter.fields = {"firm": row.firm, "credit_code": row.credit_code, "item": version.name}
        if row.amount is not None:
            matter.fields["amount"] = f"{row.amount:.2f}"
        claims.append(
            Claim(matter=matter, firm=firms[row.credit_code], version=version, amount_asked=row.amount)
        )
    Matter.objects.bulk_update(matters.values(), ["category", "first_category", "fields"], batch_size=AT_ONCE)
    Claim.objects.bulk_create(claims, batch_size=AT_ONCE)
    _add_papers(claims)


def _add_papers(claims: list[Claim]) -> None:
    """Every paper of the guide is missing until the window has checked it."""
    needed: defaultdict[int, list[int]] = defaultdict(list)
    versions = {one.version_id for one in claims}
    for version, paper in NeededPaper.objects.filter(version__in=versions).values_list("version", "pk"):
        needed[version].append(paper)
    ClaimPaper.objects.bulk_create(
        (ClaimPaper(claim=one, paper_id=paper) for one in claims for paper in needed[one.version_id]),
        batch_size=AT_ONCE,
    )


def _firms(names: dict[str, str]) -> dict[str, Firm]:
    Firm.objects.bulk_create(
        [Firm(credit_code=code, name=name) for code, name in names.items()],
        ignore_conflicts=True,
        batch_size=AT_ONCE,
    )
    codes = list(names)
    found: dict[str, Firm] = {}
    for start in range(0, len(codes), AT_ONCE):
        some = Firm.objects.filter(credit_code__in=codes[start : start + AT_ONCE])
        found |= {one.credit_code: one for one in some}
    return found
