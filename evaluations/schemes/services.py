"""Taking schemes from their files into the database, and choosing which of them is used."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from evaluations.models import SchemeVersion
from evaluations.schemes.stored import parsed
from evaluations.scoring.loading import SCHEMES
from office import audit, roles
from office.definitions.faults import InvalidInputError
from office.errors import Refused
from office.models import User


def load_schemes(*, acting_user: User | None = None, folder: Path = SCHEMES) -> list[SchemeVersion]:
    """Store every shipped scheme whose text is new as a version of its own; the newest becomes active.

    Refuses as a whole when one file is faulty. `acting_user` is None when a command of the set-up calls.
    """
    if acting_user is not None:
        roles.require(acting_user, "scheme.activate")
    found = [_read(path) for path in sorted(folder.glob("*/scheme.yaml"))]
    with transaction.atomic():
        return [
            _stored(scheme_id, title, text, sha256, acting_user) for scheme_id, title, text, sha256 in found
        ]


def _read(path: Path) -> tuple[str, str, str, str]:
    text = path.read_text(encoding="utf-8")
    try:
        policy = parsed(text, f"schemes/{path.parent.name}/{path.name}")
    except InvalidInputError as invalid:
        faults = [str(fault) for fault in invalid.faults]
        raise Refused(
            f"评价方案文件 {path.parent.name} 有误", "请按下列提示修改后再试。", faults=faults
        ) from invalid
    return policy.id, policy.defaults.title, text, policy.sha256


def _stored(scheme_id: str, title: str, text: str, sha256: str, acting_user: User | None) -> SchemeVersion:
    kept = SchemeVersion.objects.filter(sha256=sha256).first()
    if kept:
        return kept
    version = SchemeVersion.objects.create(scheme_id=scheme_id, title=title, text=text, sha256=sha256)
    audit.record(
        "载入评价方案", version, acting_user=acting_user, after={"方案编号": scheme_id, "摘要": sha256}
    )
    _activate(version)
    return version


@transaction.atomic
def activate_scheme(*, version: SchemeVersion, acting_user: User) -> None:
    """Make this version the one that new rounds of its scheme use; rounds already made keep theirs."""
    roles.require(acting_user, "scheme.activate")
    _activate(version)
    audit.record("启用评价方案", version, acting_user=acting_user, after={"摘要": version.sha256})


def _activate(version: SchemeVersion) -> None:
    SchemeVersion.objects.filter(scheme_id=version.scheme_id).exclude(pk=version.pk).update(is_active=False)
    SchemeVersion.objects.filter(pk=version.pk).update(is_active=True)
