"""Files in a folder of this machine: a reader finds one whole or not at all, also after a crash."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.move import file_move_safe
from django.core.files.storage import FileSystemStorage

UNFINISHED = ".part"


class AtomicFolder(FileSystemStorage):
    """Saves under another name and renames; saving a name again replaces its content.

    `root` names the setting that holds the folder. Only the owner may read a file, unless
    `file_permissions_mode` says otherwise.
    """

    def __init__(self, *, root: str, **options: Any) -> None:
        super().__init__(**options)
        self._root = root

    @property
    def base_location(self) -> str:
        return str(getattr(settings, self._root))

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)  # noqa: PTH100 - as in the class above it

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File[Any]) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(mode=self.directory_permissions_mode or 0o777, parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(8)}{UNFINISHED}")
        try:
            if hasattr(content, "temporary_file_path"):
                file_move_safe(content.temporary_file_path(), str(unfinished))
            else:
                self._write(unfinished, content)
            unfinished.chmod(self.file_permissions_mode or 0o600)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        return str(name).replace("\\", "/")

    @staticmethod
    def _write(path: Path, content: File[Any]) -> None:
        with path.open("xb") as target:
            for chunk in content.chunks():
                target.write(chunk.encode() if isinstance(chunk, str) else chunk)
            target.flush()
            os.fsync(target.fileno())
