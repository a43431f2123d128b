"""What becomes of a backup: sealed, copied elsewhere, thrown away in time, restored as a drill."""

from __future__ import annotations

import errno
import os
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from departments.models import Department
from office import audit, backups
from office.auditing import chain as audit_chain
from office.files import stored
from office.models import AuditEntry, User
from office.roles import Role
from office.safekeeping import rotation
from tests.kit.people import person
from tests.office.samples import FIXED_TIME

pytestmark = pytest.mark.django_db(transaction=True)
PASSPHRASE = "春江潮水连海平-海上明月共潮生，其一"
MEMORY = Path("/dev/shm")  # noqa: S108 - the one other file system that every Linux has
ANOTHER_DISK = MEMORY.is_dir() and MEMORY.stat().st_dev != Path(__file__).stat().st_dev


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.BACKUP_COPY_DIR = settings.BACKUP_PASSPHRASE = ""
    person(Role.CENTRE_OPERATOR, "worker")
    return tmp_path / "backups"


def said(command: str, *words: Any, **options: Any) -> str:
    out = StringIO()
    call_command(command, *words, stdout=out, **options)
    return out.getvalue()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- Sealed ------------------------------------------------------------------------------------------


def test_a_sealed_backup_tells_nothing_and_comes_back_under_its_passphrase(
    folder: Path, settings: Any
) -> None:
    settings.BACKUP_PASSPHRASE = PASSPHRASE
    stored.put(stored.media(), "photos/large.bin", os.urandom(3 * 1024 * 1024))
    assert "已加密" in said("backup")
    (name,) = names(folder)
    file = folder / name
    assert rotation.made_at(name) is not None
    assert name.endswith(".sealed")
    assert not zipfile.is_zipfile(file)
    assert b"worker" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    photo = stored.take(stored.media(), "photos/large.bin")
    stored.put(stored.media(), "photos/large.bin", b"changed")

    for passphrase, words in (("", "已加密"), (PASSPHRASE + "，", "口令不符")):
        settings.BACKUP_PASSPHRASE = passphrase
        with pytest.raises(CommandError, match=words):
            call_command("restore", file, replace=True)
    settings.BACKUP_PASSPHRASE = PASSPHRASE
    said("restore", file, replace=True)
    assert stored.take(stored.media(), "photos/large.bin") == photo
    assert User.objects.filter(username="worker").exists()
    assert not any(stored.work_folder().iterdir()), "nothing readable is left behind"


def test_a_sealed_backup_that_is_cut_off_changed_or_longer_is_refused(folder: Path, settings: Any) -> None:
    settings.BACKUP_PASSPHRASE = PASSPHRASE
    stored.put(stored.media(), "photos/large.bin", os.urandom(1024 * 1024))
    said("backup")
    whole = (folder / names(folder)[0]).read_bytes()
    middle = len(whole) // 2
    piece = 1024 * 1024 + 17
    for wrong in (
        whole[:-1],
        whole[: 18 + 16 + 24 + piece],  # at the end of a piece
        whole[:30],
        whole + b"x",
        whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
    ):
        file = folder / "wrong.sealed"
        file.write_bytes(wrong)
        with pytest.raises(CommandError, match="不完整"):
            call_command("restore", file, replace=True)


def test_a_short_passphrase_is_refused_before_anything_is_written(folder: Path, settings: Any) -> None:
    settings.BACKUP_PASSPHRASE = "short"
    with pytest.raises(CommandError, match="少于 16 个字符"):
        said("backup")
    assert names(folder) == []


# --- Kept and thrown away ----------------------------------------------------------------------------


def every_night(first: str, nights: int) -> list[str]:
    start = datetime.fromisoformat(first)
    return [f"backup-{start + timedelta(days=night):%Y%m%d-%H%M}.zip" for night in range(nights)]


def test_days_weeks_and_months_are_kept_and_the_rest_goes() -> None:
    """Played night by night over a year, as the timer does."""
    kept: list[str] = []
    for one in every_night("2026-01-01T04:20", 365):
        kept = [name for name in [*kept, one] if name not in rotation.outdated([*kept, one], days=14)]
    made = sorted(name[7:15] for name in kept)
    assert made[-14:] == [f"202612{day}" for day in range(18, 32)]
    assert {"20261213", "20261206"} <= set(made), "Sundays of earlier weeks"
    assert {f"2026{month}" for month in ("0731", "0831", "0930", "1031", "1130")} <= set(made)
    assert len(made) <= 14 + rotation.WEEKS_KEPT + rotation.MONTHS_KEPT


def test_after_a_long_pause_the_old_ones_are_still_there() -> None:
    old = every_night("2026-01-01T04:20", 10)
    assert rotation.outdated([*old, "backup-20261201-0420.sealed"], days=11) == []


def test_several_of_one_day_are_one_and_foreign_files_are_left_alone(folder: Path) -> None:
    folder.mkdir()
    foreign = {"readme.txt", "backup-old.zip", "backup-20250101-0420.zip.txt", "backup-20259999-0420.zip"}
    for name in (*foreign, "backup-20250101-0420.zip", "backup-20250101-1120.zip"):
        (folder / name).write_text("x")
    told = said("backup", keep=1)
    left = set(names(folder))
    assert foreign < left
    assert "backup-20250101-1120.zip" in left
    assert "backup-20250101-0420.zip" not in left
    assert "删除 1 份旧备份" in told
    with pytest.raises(CommandError, match="至少为 1 天"):
        said("backup", keep=0)


# --- Elsewhere ---------------------------------------------------------------------------------------


@pytest.fixture
def another_disk(settings: Any) -> Iterator[Path]:
    if not ANOTHER_DISK:
        pytest.skip("no second file system on this machine")
    with TemporaryDirectory(dir=MEMORY) as place:
        settings.BACKUP_COPY_DIR = place
        yield Path(place)


def test_a_copy_lies_on_another_disk_and_is_rotated_there(folder: Path, another_disk: Path) -> None:
    for name in ("backup-20250101-0420.zip", "backup-20250101-0520.zip"):
        (another_disk / name).write_text("x")
    assert f"已另存到 {another_disk} 并核对" in said("backup", keep=14)
    (made,) = names(folder)
    assert set(names(another_disk)) == {made, "backup-20250101-0520.zip"}
    assert (another_disk / made).read_bytes() == (folder / made).read_bytes()
    assert (another_disk / made).stat().st_mode & 0o077 == 0
    assert AuditEntry.objects.filter(verb="备份另存").exists()


@pytest.mark.parametrize(("place", "why"), [("nowhere", "没有这个文件夹"), ("backups", "可能没有挂载")])
def test_a_share_that_is_not_mounted_is_told_loudly(
    folder: Path, settings: Any, place: str, why: str
) -> None:
    """The folder of a mount that is away lies on the machine's own disk."""
    folder.mkdir()
    for name in ("backup-20250101-0420.zip", "backup-20250101-0520.zip"):
        (folder / name).write_text("x")
    settings.BACKUP_COPY_DIR = str(folder.parent / place)
    with pytest.raises(CommandError, match=f"没有另存到.*{why}"):
        said("backup", keep=14)
    assert len(names(folder)) == 2, "the backup itself is there, and old ones do not fill the disk"
    assert not AuditEntry.objects.filter(verb="备份另存").exists()
    assert AuditEntry.objects.filter(verb="备份").exists()


def test_a_disk_that_fails_under_the_copy_leaves_nothing_half_written(
    another_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("office.safekeeping.elsewhere.os.fsync", full)
    with pytest.raises(CommandError, match="没有另存到"):
        said("backup")
    assert names(another_disk) == []


# --- Faults in words ---------------------------------------------------------------------------------


FAULTS = {
    errno.ENOSPC: "磁盘空间不足",
    errno.EROFS: "不能写入",
    errno.EACCES: "不能写入",
    errno.EIO: "读写文件出错",
    errno.ESTALE: "读写文件出错",
}


@pytest.mark.parametrize("number", FAULTS, ids=errno.errorcode.get)
@pytest.mark.parametrize("sealed", [False, True])
def test_a_disk_that_fails_ends_a_backup_in_a_sentence(
    folder: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, number: int, *, sealed: bool
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    settings.BACKUP_PASSPHRASE = PASSPHRASE if sealed else ""
    monkeypatch.setattr("office.sealed_files.seal" if sealed else "office.backups._write", fails)
    with pytest.raises(CommandError, match=FAULTS[number]):
        said("backup")
    assert names(folder) == []
    assert not AuditEntry.objects.filter(verb="备份").exists()


def test_a_folder_that_cannot_be_made_is_told(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    with pytest.raises(CommandError, match="不能建立文件夹"):
        said("backup")


# --- Drill -------------------------------------------------------------------------------------------


def test_a_drill_proves_what_a_backup_holds_and_changes_nothing(folder: Path, settings: Any) -> None:
    with pytest.raises(CommandError, match="没有备份"):
        said("restore_drill")
    user = User.objects.get()
    with transaction.atomic():
        audit.record("修改", user, acting_user=user, before={"姓名": "甲"}, after={"姓名": "乙"})
    audit_chain.seal(now=FIXED_TIME)
    stored.put(stored.media(), "photos/one.jpg", b"photo")
    settings.BACKUP_PASSPHRASE = PASSPHRASE
    said("backup")
    Department.objects.all().delete()
    before = {model: model._base_manager.count() for model in backups.tables()}

    told = said("restore_drill")

    for words in (
        "校验值全部相符",
        "1 个文件恢复到空系统",
        "操作审计：",
        "共核对 0 份结果，0 份不一致",
        "未检验：密钥",
    ):
        assert words in told
    assert before.pop(AuditEntry) + 1 == AuditEntry.objects.count()
    assert all(model._base_manager.count() == count for model, count in before.items())
    assert stored.take(stored.media(), "photos/one.jpg") == b"photo"
    assert AuditEntry.objects.filter(verb="恢复演练").count() == 1
    assert not any(stored.work_folder().iterdir())

    file = folder / names(folder)[0]
    content = file.read_bytes()
    file.write_bytes(content[:-9])
    with pytest.raises(CommandError, match="不完整"):
        said("restore_drill", file)
    assert AuditEntry.objects.filter(verb="恢复演练").count() == 1


def test_the_drill_fails_where_the_audit_was_tampered_with(folder: Path) -> None:
    """The digests of the file fit: only the chain tells."""
    user = User.objects.get()
    with transaction.atomic():
        audit.record("修改", user, acting_user=user, before={"姓名": "甲"}, after={"姓名": "乙"})
    audit_chain.seal(now=FIXED_TIME)
    AuditEntry._base_manager.filter(verb="修改").update(object_label="别的")
    said("backup")
    with pytest.raises(CommandError, match="恢复演练没有通过：verify_audit"):
        said("restore_drill")
    assert not AuditEntry.objects.filter(verb="恢复演练").exists()
