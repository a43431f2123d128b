"""Backup and restore: one file that any supported database can be rebuilt from (备份与恢复).

The file is a zip: `manifest.json` with a digest of every member, the rows of each table as lines of
JSON, uploaded and published files. It is written by Django, not by a database's own tool, so that it
moves between SQLite and PostgreSQL and their versions, and so that rooms have a say: `leave_out`,
`leave_out_fields`, `before_backup` and `after_restore` are how the surveys keep a backup from telling
anything about a vote, and the ratings about an hour. What lies in KEYS_DIR is never in it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.files.storage import Storage
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from office import audit, sealed_files
from office.errors import Refused, is_disk_full
from office.files import stored

FORMAT = 1
CHUNK = 500
MOST_TRIES = 5
MANIFEST = "manifest.json"
# Made anew by migrations, or worth nothing on another day.
LEFT_OUT_APPS = {"contenttypes", "auth", "sessions", "axes"}
LEFT_OUT_MODELS = {"office.Session", "office.TimedRun"}


def folders() -> dict[str, tuple[Storage, str]]:
    """Return what is kept of files: photos, published pages, bundles of closed votes.

    Each is a storage and the folder in it, under the name that a backup has for it.
    """
    return {
        "media": (stored.media(), ""),
        "published": (stored.published(), ""),
        "bundles": (stored.private(), "bundles"),
        **{label: (storage(), folder) for label, (storage, folder) in _kept_folders.items()},
    }


Rows = Callable[[], models.QuerySet[Any]]
_narrowed: dict[str, Rows] = {}
_fields_left_out: dict[str, frozenset[str]] = {}
_kept_folders: dict[str, tuple[Callable[[], Storage], str]] = {}
_before: list[Callable[[], None]] = []
_after: list[tuple[int, Callable[[], list[str]]]] = []


def leave_out(label: str, rows: Rows) -> None:
    """Have only `rows()` of a model in backups; `label` such as `surveys.Ballot`."""
    _narrowed[label] = rows


def leave_out_fields(label: str, *names: str) -> None:
    """Have a model in backups without these fields; a restore gives them their defaults."""
    _fields_left_out[label] = frozenset(names)


def keep_folder(label: str, storage: Callable[[], Storage], folder: str) -> None:
    """Have the files below a folder in backups, under the name `label`."""
    _kept_folders[label] = (storage, folder)


def before_backup(step: Callable[[], None]) -> None:
    _before.append(step)


def after_restore(order: int, step: Callable[[], list[str]]) -> None:
    """Do `step` in the transaction of a restore, lowest order first; it returns what it did, in words."""
    _after.append((order, step))


def tables() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models()
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.app_label not in LEFT_OUT_APPS
        and model._meta.label not in LEFT_OUT_MODELS
    ]


def schema() -> list[list[str]]:
    """Return the applied migrations: a backup fits only the same ones."""
    kept = {model._meta.app_label for model in tables()}
    return sorted(
        [app, name] for app, name in MigrationRecorder(connection).applied_migrations() if app in kept
    )


# --- Writing ---------------------------------------------------------------------------------------


def backup(*, file: Path, now: datetime) -> dict[str, Any]:
    """Write a backup to `file`, readable for its owner only; return its manifest.

    Where BACKUP_PASSPHRASE is set it is sealed under it.
    """
    if file.exists():
        raise Refused(f"文件“{file.name}”已存在", "请换一个文件名，以免覆盖旧备份。")
    if not file.absolute().parent.is_dir():
        raise Refused(f"没有文件夹“{file.absolute().parent}”", "请先建立文件夹，或换一个位置。")
    passphrase = settings.BACKUP_PASSPHRASE
    if passphrase and len(passphrase) < sealed_files.SHORTEST_PASSPHRASE:
        raise Refused(f"备份口令少于 {sealed_files.SHORTEST_PASSPHRASE} 个字符", "请换用更长的口令。")
    part, sealed = (file.with_name(f"{file.name}.{end}") for end in ("part", "part2"))
    try:
        for step in _before:
            step()
        manifest = _written(part, now)
        if passphrase:
            sealed_files.seal(part, sealed, passphrase)
            sealed.replace(part)
        part.replace(file)
        with transaction.atomic():
            audit.record_of_system("备份", file.name, after={"记录数": sum(manifest["rows"].values())})
    except (OSError, DatabaseError) as error:
        raise _in_words(file, error) from error
    finally:
        for unfinished in (part, sealed):
            _remove(unfinished)
    return manifest


def _in_words(file: Path, error: OSError | DatabaseError) -> Refused:
    if isinstance(error, PermissionError):
        return Refused(f"不能写入“{file.name}”", "请核对文件夹的权限。")
    if is_disk_full(error):
        return Refused("备份所在磁盘空间不足，或不能写入", "请清理磁盘或换一个位置后重新备份。")
    if isinstance(error, DatabaseError):
        return Refused("备份期间数据库没有正常回应", "请查看数据库的运行状况后重新备份。")
    said = error.strerror or type(error).__name__
    return Refused(f"备份时读写文件出错（{said}）", "请检查磁盘和网络共享后重新备份。")


def _remove(path: Path) -> None:
    with suppress(OSError):  # a folder that cannot be written was told of already
        path.unlink(missing_ok=True)


def _written(part: Path, now: datetime) -> dict[str, Any]:
    """Write rows and files that fit each other; what is published meanwhile makes it start anew."""
    for _ in range(MOST_TRIES):
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with (
            os.fdopen(descriptor, "wb") as raw,
            zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            manifest = _write(archive, now)
        if manifest is not None:
            return manifest
    raise Refused("备份期间公示内容一直在更新", "请稍后重新备份。")


def _files() -> dict[str, tuple[Storage, str]]:
    """Return the files to keep, by their name in the backup."""
    found = {}
    for label, (storage, folder) in folders().items():
        for name in stored.names(storage, folder):
            inside = name.removeprefix(f"{folder}/") if folder else name
            found[f"{label}/{inside}"] = (storage, name)
    return found


def _write(archive: zipfile.ZipFile, now: datetime) -> dict[str, Any] | None:
    """Return the manifest, or None where a file that the rows may name went meanwhile."""
    manifest: dict[str, Any] = {"format": FORMAT, "made_at": now.isoformat(), "rows": {}, "digests": {}}
    # Before the rows too: what they name and is removed before the files are listed would be missed.
    files = _files()
    with transaction.atomic():
        _see_one_moment()
        manifest["schema"] = schema()
        for model in tables():
            name = f"data/{model._meta.label}.jsonl"
            with archive.open(name, "w", force_zip64=True) as member:
                sink = Digested(member)
                manifest["rows"][model._meta.label] = _write_rows(model, sink)
            manifest["digests"][name] = sink.digest.hexdigest()
    for name, (storage, found) in sorted({**files, **_files()}.items()):
        try:
            content = stored.take(storage, found)
        except FileNotFoundError:
            return None
        archive.writestr(name, content)
        manifest["digests"][name] = hashlib.sha256(content).hexdigest()
    archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True))
    return manifest


def _see_one_moment() -> None:
    """All tables as they were at one moment; SQLite's transactions see that anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


class Exact(DjangoJSONEncoder):
    """Times to the microsecond: the seals of the audit cover them."""

    def default(self, o: Any) -> Any:
        """Encode times whole; Django's own encoder cuts them to milliseconds."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


class Digested(io.TextIOBase):
    """Text on its way into the archive, with its digest."""

    def __init__(self, member: Any) -> None:
        super().__init__()
        self.member = member
        self.digest = hashlib.sha256()

    def write(self, text: str, /) -> int:
        content = text.encode()
        self.digest.update(content)
        self.member.write(content)
        return len(text)


def _write_rows(model: type[models.Model], sink: Digested) -> int:
    chosen = _narrowed.get(model._meta.label)
    # In the order of the keys: those of slips and ballots are random, so the order tells nothing.
    rows = (chosen() if chosen else model._base_manager.all()).order_by("pk")
    count = 0

    def counted() -> Iterator[models.Model]:
        nonlocal count
        for row in rows.iterator(chunk_size=CHUNK):
            count += 1
            yield row

    left_out = _fields_left_out.get(model._meta.label, frozenset())
    fields = [field.name for field in model._meta.concrete_fields if field.name not in left_out]
    serializers.serialize("jsonl", counted(), stream=sink, fields=fields, ensure_ascii=False, cls=Exact)
    return count


# --- Reading ---------------------------------------------------------------------------------------


def restore(*, file: Path, replace: bool = False) -> list[str]:
    """Rebuild database and files from a backup, all or nothing; return what else was done, in words.

    Refuses when there is data already, unless `replace`.
    """
    with opened(file) as archive:
        manifest = checked(archive)
        # Without an account nobody has worked here: what lies there came with the program.
        if not replace and apps.get_model("office.User")._base_manager.exists():
            raise Refused(
                "系统中已有数据",
                "如确要用备份替换全部现有数据，请先备份现有数据，再加 --replace 重新执行。",
            )
        with transaction.atomic():
            for model in [*tables(), *_of_the_day()]:
                rows = model._base_manager.all()
                rows._raw_delete(rows.db)  # noqa: SLF001 - the audit refuses any other way
            for label in manifest["rows"]:
                _read_rows(archive, label)
            _reset_sequences()
            done = [words for _, step in sorted(_after, key=lambda one: one[0]) for words in step()]
            audit.record_of_system("恢复备份", file.name, after={"备份时间": manifest["made_at"]})
        _restore_files(archive)
    return done


def _of_the_day() -> list[type[models.Model]]:
    """Return what is emptied and not refilled: sessions, counts of wrong passwords."""
    axes = apps.get_app_config("axes").get_models()
    return [*(apps.get_model(label) for label in LEFT_OUT_MODELS), *axes]


@contextmanager
def opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open a backup, sealed or not, for reading."""
    with stored.workshop() as work:
        try:
            plain = file
            if sealed_files.is_sealed(file):
                plain = work / "backup.zip"
                sealed_files.unseal(file, plain, settings.BACKUP_PASSPHRASE)
            archive = zipfile.ZipFile(plain)
        except (OSError, zipfile.BadZipFile) as error:
            if is_disk_full(error):
                raise Refused("磁盘空间不足，打不开备份", "请清理磁盘后重试。") from error
            raise Refused(f"打不开备份文件“{file.name}”", "请核对路径，或换用另一份备份。") from error
        with archive:
            yield archive


def checked(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Return the manifest once everything is there, whole and of this version."""
    damaged = Refused("备份文件不完整或已被改动", "请换用另一份备份。")
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
        digests: dict[str, str] = manifest["digests"]
        if set(archive.namelist()) != {MANIFEST, *digests}:
            raise damaged
        for name, digest in digests.items():
            if not _is_plain(name) or _digest(archive, name) != digest:
                raise damaged
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise damaged from error
    if manifest["format"] != FORMAT or manifest["schema"] != schema():
        raise Refused("备份与当前程序的版本不一致", "请用制作备份时的程序版本恢复，再升级。")
    return manifest


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name)
    inside = not path.is_absolute() and ".." not in path.parts and "\\" not in name
    return inside and path.parts[0] in {"data", *folders()}


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as member:
        return hashlib.file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type]


def _read_rows(archive: zipfile.ZipFile, label: str) -> None:
    model = apps.get_model(label)
    # Times that Django would set by itself must stay what they were.
    sets_itself = any(
        getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        for field in model._meta.concrete_fields
    )
    with archive.open(f"data/{label}.jsonl") as member:
        text = io.TextIOWrapper(member, encoding="utf-8")
        for found in _in_chunks(serializers.deserialize("jsonl", text, handle_forward_references=True)):
            if sets_itself:
                for one in found:
                    one.save()
            else:
                model._base_manager.bulk_create([one.object for one in found])


def _in_chunks(found: Iterable[Any]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for one in found:
        chunk.append(one)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _reset_sequences() -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)


def _restore_files(archive: zipfile.ZipFile) -> None:
    for label, (storage, folder) in folders().items():
        wanted = {
            (f"{folder}/" if folder else "") + name.removeprefix(f"{label}/"): name
            for name in archive.namelist()
            if name.startswith(f"{label}/")
        }
        for found in list(stored.names(storage, folder)):
            if found not in wanted:
                storage.delete(found)
        for place, name in wanted.items():
            stored.put(storage, place, archive.read(name))
