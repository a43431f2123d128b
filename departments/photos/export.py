"""Export the photos of a list of people as one zip that can be imported again without a change."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable
from typing import IO

from django.db import transaction

from departments.models import StaffMember
from departments.photos.archive import LARGEST, MOST_PHOTOS
from office import audit, roles
from office.errors import Refused
from office.models import User
from office.workbooks.sheets import MEGABYTE

NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def export_photos(
    *, people: Iterable[StaffMember], filters: str, target: IO[bytes], acting_user: User
) -> int:
    """Write the photos of people in post and record the export; return their number."""
    roles.require(acting_user, "roster.view")
    shown = [person for person in people if person.photo and person.left_on is None]
    if len(shown) > MOST_PHOTOS:
        raise Refused(f"照片超过 {MOST_PHOTOS} 张", "请先筛选，再分批导出。")
    namesakes = Counter((person.department_id, person.name) for person in shown)
    count = size = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for person in shown:
            try:
                with person.photo.open("rb") as photo:
                    data = photo.read()
            except FileNotFoundError:  # the file is lost; the person's page says so
                continue
            count, size = count + 1, size + len(data)
            if size > LARGEST:
                raise Refused(f"照片合计超过 {LARGEST // MEGABYTE} MB", "请先筛选，再分批导出。")
            archive.writestr(_name(person, namesakes[person.department_id, person.name] > 1), data)
    if not count:
        raise Refused("所列人员都没有照片", "请先上传照片，或减少筛选条件。")
    with transaction.atomic():
        told = {"列表": "照片", "张数": count} | ({"筛选": filters} if filters else {})
        audit.record("导出", acting_user, acting_user=acting_user, after=told)
    return count


def _name(person: StaffMember, has_namesake: bool) -> str:
    parts = [person.department.name, *([person.section.name] if has_namesake else []), person.name]
    return NOT_IN_NAMES.sub("", "_".join(parts)) + ".jpg"
