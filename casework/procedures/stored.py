"""Take procedures from their files into the database, by the hash of their text."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

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
    kept = ProcedureVersion.objects.filter(sha256=digest(text)).first()
    if kept:
        return kept
    procedure = parse_procedure(text, f"procedures/{path.parent.name}/{path.name}")
    former = ProcedureVersion.objects.filter(procedure_id=procedure.id)
    own_intake = not former.filter(own_intake=False, is_active=True).exists()
    former.update(is_active=False)
    version = ProcedureVersion.objects.create(
        procedure_id=procedure.id,
        title=procedure.title,
        text=text,
        sha256=digest(text),
        own_intake=own_intake,
    )
    after = {"规程编号": procedure.id, "摘要": version.sha256}
    audit.record("载入办理规程", version, acting_user=acting_user, after=after)
    return version


def in_use(procedure_id: str) -> ProcedureVersion:
    """Return the version that new matters are registered under."""
    version = ProcedureVersion.objects.filter(procedure_id=procedure_id, is_active=True).first()
    if version is None:
        raise Refused("没有在用的办理规程", "请系统管理员载入办理规程后再试。")
    return version
