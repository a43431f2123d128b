"""Take procedures from their files into the database, by the hash of their text."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from casework.models import ProcedureVersion
from casework.procedure.loading import PROCEDURES, digest, parse_procedure
from office import audit, roles
from office.definitions.faults import InvalidInputError
from office.errors import Refused
from office.models import User


def load_procedures(*, acting_user: User | None = None, folder: Path = PROCEDURES) -> list[ProcedureVersion]:
    """Store every shipped procedure whose text is new; the newest becomes the one in use.

    Refuses as a whole when one file is faulty. `acting_user` is None when a command of the set-up calls.
    """
    if acting_user is not None:
        roles.require(acting_user, "procedure.activate")
    found = [(path, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*/procedure.yaml"))]
    for path, text in found:
        _check(path, text)
    with transaction.atomic():
        return [_stored(path, text, acting_user) for path, text in found]


def _check(path: Path, text: str) -> None:
    try:
        parse_procedure(text, f"procedures/{path.parent.name}/{path.name}")
    except InvalidInputError as invalid:
        faults = [str(fault) for fault in invalid.faults]
        raise Refused(
            f"办理规程文件 {path.parent.name} 有误", "请按下列提示修改后再试。", faults=faults
        ) from invalid


def _stored(path: Path, text: str, acting_user: User | None) -> ProcedureVersion:
    """Store a text once; one that is in the files again after another is in use again."""
    version = ProcedureVersion.objects.filter(sha256=digest(text)).first()
    if version and version.is_active:
        return version
    procedure = parse_procedure(text, f"procedures/{path.parent.name}/{path.name}")
    former = ProcedureVersion.objects.filter(procedure_id=procedure.id, is_active=True).first()
    if version is None:
        version = ProcedureVersion(
            procedure_id=procedure.id, title=procedure.title, text=text, sha256=digest(text)
        )
    if former is not None:
        version.own_intake = former.own_intake
        version.intake_since, version.intake_reason = former.intake_since, former.intake_reason
        former.is_active = False
        former.save(update_fields=["is_active"])
    version.is_active = True
    version.save()
    after = {"规程编号": procedure.id, "摘要": version.sha256}
    audit.record("载入办理规程", version, acting_user=acting_user, after=after)
    return version


def in_use(procedure_id: str) -> ProcedureVersion:
    """Return the version that new matters are registered under."""
    version = ProcedureVersion.objects.filter(procedure_id=procedure_id, is_active=True).first()
    if version is None:
        raise Refused("没有在用的办理规程", "请系统管理员载入办理规程后再试。")
    return version


@transaction.atomic
def switch_own_intake(
    *, version: ProcedureVersion, own_intake: bool, reason: str, now: datetime, acting_user: User
) -> ProcedureVersion:
    """Take in matters here again, or leave that to the platform above (自行受理); dated, with its reason."""
    roles.require(acting_user, "procedure.activate")
    current = ProcedureVersion.objects.select_for_update().get(pk=version.pk)
    if not current.is_active:
        raise Refused("这一版本的办理规程已经停用", "请打开在用的版本。")
    if current.own_intake == own_intake:
        state = "已经自行受理" if own_intake else "已经不自行受理"
        raise Refused(f"“{current.procedure.desk}”{state}", "请刷新页面查看。")
    if not reason.strip():
        raise Refused("没有写明理由", "请写明依据的通知或者决定。")
    before = {"自行受理": current.own_intake}
    current.own_intake, current.intake_reason = own_intake, reason.strip()[:200]
    current.intake_since = timezone.localdate(now)
    current.save(update_fields=["own_intake", "intake_since", "intake_reason"])
    verb = "开启自行受理" if own_intake else "关闭自行受理"
    after = {"自行受理": own_intake, "理由": current.intake_reason}
    audit.record(verb, current, acting_user=acting_user, before=before, after=after)
    return current
