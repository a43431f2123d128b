"""A restore tried out (恢复演练): a backup that was never restored is a hope.

The backup is restored into a database and folders made for this and removed afterwards, by processes that
know neither the county's database nor its storages, mail server or messenger. What came back is backed up
again and compared with the first. The database is SQLite, whatever the county uses: either can be restored.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from office import audit, backups
from office.errors import Refused
from office.files import stored

VERB = "恢复演练"
HANDED_ON = ("PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "COUNTY_NAME", "PUBLIC_ORIGIN", "DEMO", "DEBUG")
# A restore adds that it took place, and what a room did after it.
GROWS = {"office.AuditEntry"}
NOT_PROVEN = "未检验：密钥（不在备份中，须另行保管）。演练使用临时的 SQLite 数据库，演练后已全部清除。"

_proofs: list[tuple[str, str, int]] = []


def prove_by(command: str, subject: str, *, line: int = -1) -> None:
    """Have every drill run a command of manage.py on the restored data; it ends with an error on a fault.

    `line` of what it says is the verdict.
    """
    _proofs.append((command, subject, line))


def drill(file: Path) -> list[str]:
    """Restore a backup aside and prove what came back; return what was proven, in sentences."""
    with stored.workshop() as place, backups.opened(file) as archive:
        manifest = backups.checked(archive)
        proven = [f"备份完整：{len(manifest['digests'])} 个部分的校验值全部相符。"]
        _run(place, "migrate", "--verbosity", "0")
        restored = _run(place, "restore", str(file.absolute()), passphrase=settings.BACKUP_PASSPHRASE)
        discarded = [line for line in restored.splitlines()[:-1] if line]
        again = place / "again.zip"
        _run(place, "backup", str(again))
        rows, files = _compared(manifest, _manifest(again), may_differ=bool(discarded))
        proven.append(f"能够恢复：{rows} 条记录、{files} 个文件恢复到空系统，与备份清单一致。")
        proven += [f"恢复时：{line}" for line in discarded]
        for command, subject, line in _proofs:
            proven.append(f"{subject}：{_run(place, command).strip().splitlines()[line]}")
    with transaction.atomic():
        audit.record_of_system(VERB, file.name, after={"备份时间": manifest["made_at"], "结论": proven})
    return [*proven, NOT_PROVEN]


def _run(place: Path, *command: str, passphrase: str = "") -> str:
    """Run a command of manage.py on the data below `place`."""
    environment = {name: os.environ[name] for name in HANDED_ON if name in os.environ} | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(place),
        "SECRET_KEY": settings.SECRET_KEY,
        "BACKUP_PASSPHRASE": passphrase,
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise _failed(f"{command[0]}：{said[-1] if said else done.returncode}")
    return done.stdout


def _manifest(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as archive:
        manifest: dict[str, Any] = json.loads(archive.read(backups.MANIFEST))
    return manifest


def _compared(before: dict[str, Any], after: dict[str, Any], *, may_differ: bool) -> tuple[int, int]:
    """Return how many rows and files came back; refused where it is anything else than went in.

    `may_differ`: what a restore discards, a vote that was going on, is less afterwards.
    """
    rows = {label: count for label, count in before["rows"].items() if label not in GROWS}
    wrong = [label for label, count in rows.items() if after["rows"].get(label) != count]
    if wrong and not may_differ:
        raise _failed(f"{len(wrong)} 张表的记录数与备份不一致")
    files = {name: digest for name, digest in before["digests"].items() if not name.startswith("data/")}
    if wrong := [name for name, digest in files.items() if after["digests"].get(name) != digest]:
        raise _failed(f"{len(wrong)} 个文件与备份不一致")
    return sum(after["rows"][label] for label in rows), len(files)


def _failed(why: str) -> Refused:
    return Refused(f"恢复演练没有通过：{why}", "请换用另一份备份重试，并查明原因。")
