"""Photos of many people as one zip, each file named 部门_姓名.jpg, or 部门_科（室）_姓名.jpg (YC-R1).

Nothing of the archive reaches the disk under its own name; each picture is drawn anew.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from departments.access import own_department
from departments.models import Department, DepartmentAlias, StaffMember
from departments.names.wording import person_name, plain, short_form_of
from departments.photos import images as photos
from office import audit, roles
from office.errors import Refused
from office.imports.plan import ImportPlan
from office.imports.unchanged import changed_since_preview
from office.models import User
from office.workbooks.sheets import MEGABYTE, ReportProgress, digest, silently

LARGEST = 50 * MEGABYTE
MOST_PHOTOS = 600
MOST_UNPACKED = 200 * MEGABYTE
ENDINGS = (".jpg", ".jpeg", ".png")
LONGEST_BASIS = 120
LONGEST_SHOWN = 40
UTF_8_NAME, ENCRYPTED = 0x800, 0x1
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True)
class PhotoFault:
    """One file that will not be taken, and why."""

    file: str
    text: str

    def __str__(self) -> str:
        return f"“{shortened(self.file)}”：{self.text}"


def shortened(name: str) -> str:
    """Return a name as a page can show it; an archive may hold names of 60,000 characters."""
    return name if len(name) <= LONGEST_SHOWN else f"{name[:LONGEST_SHOWN]}…"


@dataclass
class PhotoPlan(ImportPlan):
    """Whose photo would be added or replaced, and which files would be left out."""

    basis: str
    found: list[tuple[StaffMember, ContentFile[bytes]]] = field(default_factory=list)
    unchanged: int = 0
    changes: list[str] = field(default_factory=list)
    faults: list[PhotoFault] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        return bool(self.found)

    def counts(self) -> dict[str, int]:
        replaced = sum(bool(person.photo) for person, _ in self.found)
        return {
            "新增": len(self.found) - replaced,
            "更换": replaced,
            "未变": self.unchanged,
            "略过": len(self.faults),
        }

    def lines(self) -> Iterable[str]:
        return [self.basis, *self.changes, *map(str, self.faults), str(self.unchanged)]


def preview_photos(
    *, content: bytes, basis: str, acting_user: User, progress: ReportProgress = silently
) -> PhotoPlan:
    roles.require(acting_user, "roster.edit")
    return _plan(content, basis, acting_user, progress)


def import_photos(
    *,
    content: bytes,
    file_name: str,
    basis: str,
    expected_digest: str,
    acting_user: User,
    progress: ReportProgress = silently,
) -> PhotoPlan:
    """Give the people their photos and the basis for showing them; write exactly what was previewed."""
    roles.require(acting_user, "roster.edit")
    plan = _plan(content, basis, acting_user, progress)
    plan.require_previewed(expected_digest)
    if not plan.writes:
        return plan
    progress(len(plan.found), len(plan.found), "正在写入")
    told = {**plan.counts(), "照片公开依据": basis, "变化": plan.changes, "文件校验值": digest(content)}
    named = StaffMember(name=file_name, department=plan.found[0][0].department)
    with _files_or_nothing() as written, transaction.atomic():
        _require_unchanged([person for person, _ in plan.found])
        for person, picture in plan.found:
            _store(person, picture, basis)
            written.append(str(person.photo))
        audit.record("导入照片", named, acting_user=acting_user, after=told)
    return plan


def _store(person: StaffMember, picture: ContentFile[bytes], basis: str) -> None:
    """Save a photo; the one it replaces is removed once the transaction holds."""
    before, storage = str(person.photo), person.photo.storage
    person.photo_basis = basis
    person.photo.save(str(picture.name), picture, save=False)
    person.save(update_fields=["photo", "photo_basis", "name_initials"])
    if before:
        transaction.on_commit(lambda: storage.delete(before))


@contextmanager
def _files_or_nothing() -> Iterator[list[str]]:
    """Remove the photos noted in the list if the block fails: a database that rolls back keeps no files."""
    written: list[str] = []
    try:
        yield written
    except BaseException:
        storage = StaffMember._meta.get_field("photo").storage
        for name in written:
            storage.delete(name)
        raise


def _require_unchanged(people: list[StaffMember]) -> None:
    """Refuse when one of them left, moved or got another photo since the archive was compared."""
    stored = StaffMember.objects.select_for_update().in_bulk([person.pk for person in people])
    if [_compared(stored.get(person.pk)) for person in people] != [_compared(person) for person in people]:
        raise changed_since_preview()


def _compared(person: StaffMember | None) -> tuple[object, ...]:
    if person is None:
        return ()
    return person.department_id, person.section_id, person.name, person.left_on, str(person.photo)


def _plan(content: bytes, basis: str, user: User, progress: ReportProgress) -> PhotoPlan:
    if not basis:
        raise Refused("没有填写照片公开依据", "请填写后重新上传。")
    plan = PhotoPlan(basis[:LONGEST_BASIS])
    people = _People(own_department(user))
    seen: set[int] = set()
    for name, data in _pictures(content, plan, progress):
        person = people.find(name)
        if isinstance(person, str):
            plan.faults.append(PhotoFault(name, person))
        elif person.pk in seen:
            plan.faults.append(PhotoFault(name, "同一人的照片前面已经出现，请只保留一张。"))
        elif _is_stored(person, data):
            seen.add(person.pk)
            plan.unchanged += 1
        else:
            seen.add(person.pk)
            _take(plan, name, person, data)
    if not (plan.found or plan.faults or plan.unchanged):
        raise Refused("压缩包中没有 JPG 或 PNG 照片", "请核对后重新上传。")
    return plan


def _is_stored(person: StaffMember, data: bytes) -> bool:
    """Return whether the export gave out this very file; each re-encoding would lose quality."""
    try:
        with person.photo.open("rb") as stored:
            return bool(stored.read() == data)
    except (FileNotFoundError, ValueError):  # no photo, or its file is lost
        return False


def _take(plan: PhotoPlan, name: str, person: StaffMember, data: bytes) -> None:
    try:
        picture = photos.normalized(SimpleUploadedFile("photo", data))
    except ValidationError as error:
        plan.faults.append(PhotoFault(name, error.messages[0]))
        return
    plan.found.append((person, picture))
    plan.changes.append(f"{'更换' if person.photo else '新增'}照片 {person}")


class _People:
    """People in post by department and name, as far as the user may touch them."""

    def __init__(self, own: int | None) -> None:
        units = Department.objects.bodies() if own is None else Department.objects.filter(pk=own)
        self.units = {plain(unit.name): unit.pk for unit in units}
        aliases = DepartmentAlias.objects.filter(department__in=self.units.values())
        self.aliases = {plain(alias.name): alias.department_id for alias in aliases}
        self.people: dict[tuple[int, str], list[StaffMember]] = {}
        staff = StaffMember.objects.filter(left_on=None, department__in=self.units.values())
        for person in staff.select_related("department", "section"):
            self.people.setdefault((person.department_id, person_name(person.name)), []).append(person)

    def find(self, file_name: str) -> StaffMember | str:
        unit_name, _, name = PurePosixPath(file_name).stem.replace("＿", "_").rpartition("_")
        unit_name, name = plain(unit_name), person_name(name)
        if not (unit_name and name):
            return "文件名须为“部门_姓名.jpg”，请改名。"
        unit, section = self._unit(unit_name), ""
        if unit is None and "_" in unit_name:  # 部门_科（室）_姓名
            unit_name, _, section = unit_name.partition("_")
            unit = self._unit(unit_name)
        if unit is None:
            return f"单位名单中没有“{shortened(unit_name)}”，或不是您所在的单位，请核对部门名称。"
        found = self.people.get((unit, name), [])
        if section:
            found = [person for person in found if plain(person.section.name) == section]
        if len(found) > 1:
            return f"该单位有 {len(found)} 位“{name}”，请将文件名改为“部门_科（室）_姓名.jpg”。"
        return found[0] if found else f"该单位的在职人员中没有“{shortened(name)}”，请核对姓名。"

    def _unit(self, name: str) -> int | None:
        unit = self.units.get(name) or self.aliases.get(name)
        return unit or self.units.get(short_form_of(name, self.units) or "")


def _pictures(content: bytes, plan: PhotoPlan, progress: ReportProgress) -> Iterator[tuple[str, bytes]]:
    """Yield each file that may be a photo; one that cannot be becomes a fault."""
    if not content.startswith(b"PK") or not zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused("这不是 ZIP 压缩包", "请将照片压缩为 .zip 后重新上传。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [(_name(info), info) for info in archive.infolist() if not info.is_dir()]
            entries = [(name, info) for name, info in entries if not _is_clutter(name)]
            _look_at(entries)
            for number, (path, info) in enumerate(entries):
                if number % 10 == 0:
                    progress(number, len(entries), "正在检查照片")
                name = PurePosixPath(path).name
                try:
                    yield name, _picture(archive, path, info)
                except ValidationError as error:
                    plan.faults.append(PhotoFault(name, error.messages[0]))
    except UNREADABLE as error:
        raise Refused("压缩包已损坏，无法读取", "请重新压缩后上传。") from error


def _look_at(entries: list[tuple[str, zipfile.ZipInfo]]) -> None:
    """Refuse an archive that is too large unpacked, before unpacking it."""
    if len(entries) > MOST_PHOTOS or sum(info.file_size for _, info in entries) > MOST_UNPACKED:
        raise Refused(f"压缩包中的照片超过 {MOST_PHOTOS} 张，或展开后过大", "请分成几个压缩包后上传。")
    if any(info.flag_bits & ENCRYPTED for _, info in entries):
        raise Refused("压缩包设有密码，无法读取", "请取消密码后重新压缩。")


def _picture(archive: zipfile.ZipFile, path: str, info: zipfile.ZipInfo) -> bytes:
    if not path.lower().endswith(ENDINGS):
        raise ValidationError("不是 JPG 或 PNG 照片。")
    if path.startswith("/") or ".." in PurePosixPath(path).parts or ":" in path:
        raise ValidationError("文件路径不合规，请重新压缩。")
    with archive.open(info) as part:  # read no more than a photo may have, whatever the archive claims
        return part.read(photos.MAX_FILE + 1)


def _name(info: zipfile.ZipInfo) -> str:
    """Return a file's path; Windows writes Chinese names in GBK without saying so."""
    name = info.filename
    if not info.flag_bits & UTF_8_NAME:
        raw = name.encode("cp437", errors="ignore")
        for encoding in ("utf-8", "gbk"):
            try:
                return raw.decode(encoding).replace("\\", "/")
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _is_clutter(path: str) -> bool:
    return path.startswith("__MACOSX/") or PurePosixPath(path).name in (".DS_Store", "Thumbs.db")
