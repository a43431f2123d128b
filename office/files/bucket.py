"""Files in a bucket of S3-compatible object storage: stored whole, read whole, and compared both ways.

Keys never come here: such a storage keeps versions and copies, and “destroyed at the close” would be untrue.
"""

from __future__ import annotations

import errno
import hashlib
import mimetypes
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

IN_MEMORY = 2 * 1024 * 1024
FULL = {"QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded"}
INSUFFICIENT_STORAGE = 507
DIGEST = "sha256"
MISSING = {"404", "NoSuchKey", "NotFound"}
CONFIG = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"total_max_attempts": 2},
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    # Storages other than Amazon's do not know the newer checksums; ours is beside each file.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


class Bucket(S3Storage):
    """Saving a name again replaces its content, in one step: who reads has the former one or the new one.

    OSError where the storage is away, full, or does not have what it was given.
    """

    def get_default_settings(self) -> dict[str, Any]:
        return {**super().get_default_settings(), "client_config": CONFIG}

    def _save(self, name: str, content: File[Any]) -> str:
        key = self._normalize_name(name)
        with SpooledTemporaryFile(max_size=IN_MEMORY) as whole:
            digest = _copy((_bytes(chunk) for chunk in content.chunks()), whole)
            size = whole.tell()
            whole.seek(0)
            kind = mimetypes.guess_type(name)[0] or self.default_content_type
            with _in_words(name):
                self._client.put_object(
                    Bucket=self.bucket_name,
                    Key=key,
                    Body=whole,
                    ContentLength=size,
                    ContentType=kind,
                    Metadata={DIGEST: digest},
                )
                kept = self._client.head_object(Bucket=self.bucket_name, Key=key)["ContentLength"]
        if kept != size:
            self.delete(name)
            raise OSError(errno.EIO, f"the object storage kept {kept} of {size} bytes of {name}")
        return name.replace("\\", "/")

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        if mode != "rb":
            raise ValueError(f"files are read as bytes, not {mode}")
        target = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever reads the file closes it
        self._fetch(name, target)
        target.seek(0)
        return File(target, name)

    def _fetch(self, name: str, target: IO[bytes]) -> None:
        with _in_words(name):
            answer = self._client.get_object(Bucket=self.bucket_name, Key=self._normalize_name(name))
            digest = _copy(answer["Body"].iter_chunks(), target)
        if answer["Metadata"].get(DIGEST, digest) != digest or answer["ContentLength"] != target.tell():
            raise OSError(errno.EIO, f"the object storage gives another content than it was given: {name}")

    def local_copy(self, name: str, place: Path) -> Path:
        """A copy in a folder of this machine; there is none of what is missing."""
        try:
            with _in_words(name):
                head = self._client.head_object(Bucket=self.bucket_name, Key=self._normalize_name(name))
        except FileNotFoundError:
            return place / "missing" / name
        known = f"{name}\n{head['ETag']}\n{head['LastModified']}"
        path = place / hashlib.sha256(known.encode()).hexdigest()
        if not path.exists():
            place.mkdir(mode=0o700, exist_ok=True)
            unfinished = place / f"{path.name}.{secrets.token_hex(8)}"
            try:
                with unfinished.open("xb") as target:
                    unfinished.chmod(0o600)
                    self._fetch(name, target)
                unfinished.replace(path)
            finally:
                unfinished.unlink(missing_ok=True)
        return path

    @property
    def _client(self) -> Any:
        return self.connection.meta.client

    def exists(self, name: str) -> bool:
        with _in_words(name):
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with _in_words(name):
            super().delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with _in_words(path):
            folders, files = super().listdir(path)
        return folders, files

    def size(self, name: str) -> int:
        with _in_words(name):
            return int(super().size(name))

    def get_modified_time(self, name: str) -> datetime:
        with _in_words(name):
            at: datetime = super().get_modified_time(name)
        return at


def _bytes(chunk: bytes | str) -> bytes:
    return chunk.encode() if isinstance(chunk, str) else chunk


def _copy(chunks: Iterator[bytes], target: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest()


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    """Turn the library's faults into those of a folder, so that everybody above handles both alike."""
    try:
        yield
    except ClientError as fault:
        code = str(fault.response.get("Error", {}).get("Code", ""))
        status = fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if code in MISSING:
            raise FileNotFoundError(errno.ENOENT, "not in the object storage", name) from fault
        if status == INSUFFICIENT_STORAGE or code in FULL:
            raise OSError(errno.ENOSPC, f"the object storage is full ({code})") from fault
        raise OSError(errno.EHOSTDOWN, f"the object storage answers {code or status}") from fault
    except (BotoCoreError, Boto3Error) as fault:
        raise OSError(errno.EHOSTDOWN, f"the object storage is away ({type(fault).__name__})") from fault
