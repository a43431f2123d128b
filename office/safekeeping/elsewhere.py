"""A second copy of a backup, on another disk (备份另存)."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction

from office import audit

VERB = "备份另存"


class NotCopied(Exception):  # noqa: N818 - reads as what happened
    """The backup is written, but there is no copy of it elsewhere; the sentence says why."""


def copy(file: Path, folder: Path) -> None:
    """Copy a backup to a folder of another disk, and read it again there.

    A share that is not mounted leaves an empty folder on the machine's own disk: that is refused.
    """
    part = folder / f"{file.name}.part"
    try:
        if not folder.is_dir():
            raise NotCopied(_words(folder, "没有这个文件夹"))
        if folder.stat().st_dev in {Path(settings.DATA_DIR).stat().st_dev, file.stat().st_dev}:
            raise NotCopied(_words(folder, "它与数据或备份在同一磁盘，可能没有挂载"))
        with file.open("rb") as source, part.open("wb") as target:
            os.fchmod(target.fileno(), 0o600)
            shutil.copyfileobj(source, target, 1024 * 1024)
            target.flush()
            os.fsync(target.fileno())
            os.posix_fadvise(target.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        if _digest(part) != _digest(file):
            raise NotCopied(_words(folder, "重新读取的内容与备份不一致，请检查磁盘"))
        part.replace(folder / file.name)
    except OSError as error:
        raise NotCopied(_words(folder, error.strerror or str(error))) from error
    finally:
        _remove(part)
    with transaction.atomic():
        audit.record_of_system(VERB, file.name, after={"位置": str(folder)})


def _words(folder: Path, why: str) -> str:
    return f"备份已写好，但没有另存到“{folder}”：{why}。"


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _remove(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:  # the disk went away meanwhile, and that is told already
        return
