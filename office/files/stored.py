"""Everything kept outside the database, but for keys: three kinds, each behind an alias of STORAGES.

Names are paths below the kind (`bundles/s-1.zip`). docs/operations.md lists them all.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils import timezone

from office.files.atomic import UNFINISHED

if TYPE_CHECKING:
    from office.files.bucket import Bucket  # slow to import, and most counties have none


def media() -> Storage:
    """Photos: of the working copy, and as they were approved."""
    return storages["media"]


def published() -> Storage:
    """What readers see: publications and boards."""
    return storages["published"]


def private() -> Storage:
    """Bundles, uploads waiting for their import, exports and reports waiting for who asked."""
    return storages["private"]


def put(storage: Storage, name: str, content: bytes) -> None:
    """Store `content` under `name`, in place of what was there."""
    storage.save(name, ContentFile(content))


def put_file(storage: Storage, name: str, source: Path) -> None:
    """Store a finished file of this machine under `name`, in place of what was there."""
    with source.open("rb") as content:
        storage.save(name, File(content))


def take(storage: Storage, name: str) -> bytes:
    """Return what is stored; FileNotFoundError where nothing is."""
    with storage.open(name) as source:
        content: bytes = source.read()
    return content


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder of this machine for files in the making; it goes with the block.

    It lies in the folder of data, not in the system's: what a killed process leaves is removed at night.
    """
    place = work_folder()
    place.mkdir(mode=0o700, exist_ok=True)
    with TemporaryDirectory(dir=place) as folder:
        yield Path(folder)


def work_folder() -> Path:
    return Path(settings.DATA_DIR) / "work"


def fetched_folder() -> Path:
    """Copies on this machine of files that lie in object storage; they are fetched again when needed."""
    return Path(settings.DATA_DIR) / "fetched"


def forget_unfinished(*, older_than: timedelta) -> None:
    """Remove what a killed process or a full disk has left half written, and copies of what is elsewhere."""
    before = (timezone.now() - older_than).timestamp()
    for path in [*work_folder().glob("*"), *fetched_folder().glob("*"), *_unfinished()]:
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _unfinished() -> Iterator[Path]:
    for root in (settings.MEDIA_ROOT, settings.PUBLISHED_ROOT, settings.PRIVATE_ROOT):
        yield from Path(root).rglob(f".*{UNFINISHED}")


def local_path(storage: Storage, name: str) -> Path:
    """Return a stored file as one of this machine, for readers that jump about in it (zip, typesetting)."""
    if isinstance(storage, FileSystemStorage):
        return Path(storage.path(name))
    return cast("Bucket", storage).local_copy(name, fetched_folder())


def names(storage: Storage, folder: str = "") -> Iterator[str]:
    """Yield the names of all files below a folder, sorted; none where there is no folder."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    start = f"{folder}/" if folder else ""
    yield from (f"{start}{file}" for file in sorted(files) if not file.startswith("."))
    for one in sorted(folders):
        yield from names(storage, f"{start}{one}")


def forget(storage: Storage, folder: str, *, older_than: timedelta, begins: str = "") -> None:
    """Remove the files of a folder that were last written longer ago; `begins` names some of them."""
    before = timezone.now() - older_than
    for name in [one for one in names(storage, folder) if one.startswith(f"{folder}/{begins}")]:
        try:
            if storage.get_modified_time(name) < before:
                storage.delete(name)
        except FileNotFoundError:  # somebody else was quicker
            continue


def remove_folder(storage: Storage, folder: str) -> None:
    """Remove a folder with all its files."""
    for name in list(names(storage, folder)):
        storage.delete(name)
    _remove_empty(storage, folder)


def _remove_empty(storage: Any, folder: str) -> None:
    try:
        for one in storage.listdir(folder)[0]:
            _remove_empty(storage, f"{folder}/{one}")
    except FileNotFoundError:
        return
    storage.delete(folder)
