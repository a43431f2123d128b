"""The office's page for importing the photos of many people at once."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from departments import photo_archive
from office import import_views, imports
from office.models import User
from office.workbooks import MEGABYTE, Step


def _preview(content: bytes, basis: str, user: User, step: Step) -> imports.Preview:
    plan = photo_archive.preview_photos(content=content, basis=basis, acting_user=user, step=step)
    counts = plan.counts()
    return imports.Preview(
        digest=plan.digest(),
        headings=list(counts),
        rows=[("照片", list(counts.values()))],
        notes=[f"照片公开依据：{plan.basis}"],
        faults=plan.faults,
        changes=plan.changes,
        writes=bool(plan.found),
    )


def _run(agreed: imports.Agreed, user: User, step: Step) -> str:
    plan = photo_archive.import_photos(
        content=agreed.content,
        file_name=agreed.file_name,
        basis=agreed.option,
        expected_digest=agreed.digest,
        acting_user=user,
        step=step,
    )
    left_out = f"，略过 {len(plan.faults)} 个文件" if plan.faults else ""
    return f"照片已导入 {len(plan.found)} 张{left_out}。"


def _basis() -> forms.CharField:
    return forms.CharField(
        label="照片公开依据（如本人同意书的日期）",
        max_length=photo_archive.LONGEST_BASIS,
        error_messages={"required": "请填写照片公开依据，否则不能导入照片。"},
    )


PHOTOS = imports.offer(
    imports.Import(
        title="导入照片",
        lead="将照片压缩为一个 .zip，每张以“部门_姓名.jpg”命名。先预览，确认无误后再导入。",
        action="roster.edit",
        url_name="import-photos",
        option="",
        faults_stop=lambda _: False,
        preview=_preview,
        run=_run,
        asks=_basis,
        file_kind="压缩包",
        accept=".zip",
        largest=photo_archive.LARGEST,
        in_request=2 * MEGABYTE,
        can_mark=False,
    )
)


@require_http_methods(["GET", "POST"])
@never_cache
def import_photos(request: HttpRequest) -> HttpResponse:
    """Upload, preview, import; department people give photos to their own people."""
    return import_views.page(request, PHOTOS)
