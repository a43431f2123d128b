"""Photos and papers of a matter: drawn anew without metadata, under names that tell nothing."""

from __future__ import annotations

import io
import secrets
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from casework.matters import parties
from casework.matters.queries import assignments_for
from casework.models import Assignment, Matter, MatterFile
from office import audit, roles
from office.errors import Refused
from office.files import stored
from office.models import User

Kind = MatterFile.Kind
MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2000
FORMATS = ("JPEG", "PNG", "WEBP")
PICTURE, PAPER = "jpg", "pdf"
TYPES = {PICTURE: "image/jpeg", PAPER: "application/pdf"}
TAKEN = f"JPG、PNG 或者 WebP 格式的照片，每张不超过{MOST_BYTES // MEGABYTE} MB"
HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc", b"ftypheim", b"ftypheis")
ANOTHER = f"可以提交{TAKEN}。"
ANOTHER_PHOTO = "请重新拍摄，或者截屏后提交截图。"
SMALLER_PHOTO = "请在手机相册里缩小，或者截屏后提交截图。"


@dataclass(frozen=True)
class Read:
    """A file that was looked at and may be stored; `ending` says what it is."""

    content: bytes
    ending: str

    @property
    def is_paper(self) -> bool:
        return self.ending == PAPER


def read_uploads(uploads: Sequence[UploadedFile[Any]], *, most: int, papers: bool) -> list[Read]:
    """Look at what was sent, before anything is stored; refuse in words what cannot be taken."""
    if len(uploads) > most:
        raise Refused(f"选择了{len(uploads)}个文件，最多{most}个", "请挑选最能说明问题的照片。")
    return [_read(upload, papers=papers) for upload in uploads]


def _read(upload: UploadedFile[Any], *, papers: bool) -> Read:
    named = f"“{upload.name[-40:]}”" if upload.name else "照片"
    size = upload.size or 0
    if size > MOST_BYTES:  # before it is read
        what = f"{named}有{size // MEGABYTE} MB，超过{MOST_BYTES // MEGABYTE} MB"
        raise Refused(what, SMALLER_PHOTO)
    upload.seek(0)
    content = upload.read()
    if not content:
        raise Refused(f"{named}是空文件", "请重新选择照片。")
    if content.startswith(b"%PDF-"):
        if not papers:
            raise Refused(f"{named}是 PDF 文件，这里只接收照片", "请把有关的页面拍照后提交。")
        return Read(content, PAPER)
    if content[4:12] in HEIC:
        to_do = "苹果手机请在“设置—相机—格式”中选“兼容性最佳”后重新拍摄，或者截屏后提交截图。"
        raise Refused(f"{named}是 HEIC 格式，不能接收", to_do)
    return Read(_drawn_anew(content, named), PICTURE)


def _drawn_anew(content: bytes, named: str) -> bytes:
    """Return the picture upright as a fresh JPEG: place, time and camera stay behind."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with _whole_files_only(), Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Refused(f"{named}的像素过多", SMALLER_PHOTO)
                return _drawn(picture)
    except UnidentifiedImageError as error:
        raise Refused(f"{named}不是照片，或者格式不能接收", ANOTHER) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(f"{named}的像素过多", SMALLER_PHOTO) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refused(f"{named}不完整，打不开", ANOTHER_PHOTO) from error


@contextmanager
def _whole_files_only() -> Iterator[None]:
    """Refuse half a picture: the typesetter, once loaded, has Pillow fill up what is missing everywhere."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _drawn(picture: Image.Image) -> bytes:
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is read smaller at once
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # first, so that turning copies a small one
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
        layered = upright.convert("RGBA")
        flat = Image.new("RGB", upright.size, "#ffffff")
        flat.paste(layered, mask=layered.getchannel("A"))
    else:
        flat = upright.convert("RGB")
    out = io.BytesIO()
    flat.info.clear()
    flat.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


@contextmanager
def storing() -> Iterator[list[str]]:
    """Take away the files again whose names are noted, when the block that stores their rows fails."""
    names: list[str] = []
    try:
        yield names
    except BaseException:
        for name in names:
            stored.private().delete(name)
        raise


def add_files(
    *,
    matter: Matter,
    files: Iterable[Read],
    kind: MatterFile.Kind,
    names: list[str],
    now: datetime,
    assignment: Assignment | None = None,
    acting_user: User | None = None,
) -> list[MatterFile]:
    """Store files with a matter, inside `storing()`; a reporter's paper is for the centre alone."""
    label = {False: "照片", True: "材料"} if kind == Kind.REPORTED else {False: "佐证照片", True: "佐证材料"}
    there = matter.files.filter(kind=kind).count()
    added = []
    for number, one in enumerate(files, start=there + 1):
        row = MatterFile(
            matter=matter,
            assignment=assignment,
            kind=kind,
            name=f"{label[one.is_paper]}{number}.{one.ending}",
            to_unit=kind == Kind.PROOF or not one.is_paper,
            added_on=timezone.localtime(now).date(),
            added_by=acting_user,
        )
        row.file.save(f"{secrets.token_hex(16)}.{one.ending}", ContentFile(one.content), save=False)
        names.append(str(row.file.name))
        row.save()
        added.append(row)
    return added


@transaction.atomic
def show_file_to_unit(*, file: MatterFile, shown: bool, acting_user: User) -> MatterFile:
    """Let the handling unit see one file of the reporter, or no longer; the centre has looked at it."""
    roles.require(acting_user, "matter.run")
    current = MatterFile.objects.select_for_update().get(pk=file.pk)
    parties.require_no_part(acting_user, current.matter)
    if current.kind != Kind.REPORTED:
        raise Refused("承办单位自己提交的佐证总是可见", "请刷新页面。")
    before, current.to_unit = {"承办单位可见": current.to_unit}, shown
    current.save(update_fields=["to_unit"])
    after = {"承办单位可见": shown, "编号": current.matter.number}
    audit.record("设置附件可见范围", current, acting_user=acting_user, before=before, after=after)
    return current


def files_for(user: User) -> QuerySet[MatterFile]:
    """Return the files a user may open: a unit those of its own assignments that are meant for it."""
    found = MatterFile.objects.select_related("matter")
    if roles.allowed(user, "matter.view"):
        return found.exclude(matter__state=Matter.State.TRANSFERRED)
    own = assignments_for(user)
    meant = found.filter(matter__in=own.values("matter"), kind=Kind.REPORTED, to_unit=True)
    return meant | found.filter(assignment__in=own.values("pk"))
