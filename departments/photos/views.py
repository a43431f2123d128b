"""Pages to import and export the photos of many people."""

from __future__ import annotations

from tempfile import TemporaryFile

from django import forms
from django.contrib import admin, messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from departments.models import StaffMember
from departments.photos import archive as photo_archive
from departments.photos import export as photo_export
from office.errors import Refused
from office.exports import lists as list_exports
from office.imports import definition as imports
from office.imports import views as import_views
from office.models import User
from office.workbench.pages import signed_in
from office.workbooks.sheets import MEGABYTE, ReportProgress


def _preview(content: bytes, basis: str, user: User, progress: ReportProgress) -> imports.Preview:
    plan = photo_archive.preview_photos(content=content, basis=basis, acting_user=user, progress=progress)
    counts = plan.counts()
    return imports.Preview(
        digest=plan.digest(),
        headings=list(counts),
        rows=[("照片", list(counts.values()))],
        notes=[f"照片公开依据：{plan.basis}"],
        faults=plan.faults,
        changes=plan.changes,
        writes=plan.writes,
    )


def _run(agreed: imports.Agreed, user: User, progress: ReportProgress) -> str:
    plan = photo_archive.import_photos(
        content=agreed.content,
        file_name=agreed.file_name,
        basis=agreed.option,
        expected_digest=agreed.digest,
        acting_user=user,
        progress=progress,
    )
    known = f"，未变 {plan.unchanged} 张" if plan.unchanged else ""
    left_out = f"，略过 {len(plan.faults)} 个文件" if plan.faults else ""
    return f"照片已导入 {len(plan.found)} 张{known}{left_out}。下一步：在“公示身份和职责”中提交公示。"


def _basis() -> forms.CharField:
    return forms.CharField(
        label="照片公开依据（如本人同意书的日期）",
        max_length=photo_archive.LONGEST_BASIS,
        error_messages={"required": "请填写照片公开依据，否则不能导入照片。"},
    )


PHOTOS = imports.offer(
    imports.Import(
        title="导入照片",
        lead="将照片压缩为一个 .zip，每张以“部门_姓名.jpg”命名，同名人员写“部门_科（室）_姓名.jpg”。"
        "先预览，确认无误后再导入；从“维护工作人员”导出的照片可原样导入。",
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
    return import_views.page(request, PHOTOS)


@require_safe
@never_cache
def export_photos(request: HttpRequest) -> HttpResponse | FileResponse:
    content = TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        people, filters = list_exports.as_filtered(admin.site.get_model_admin(StaffMember), request)
        photo_export.export_photos(
            people=people, filters=filters, target=content, acting_user=signed_in(request)
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:departments_staffmember_changelist")
    content.seek(0)
    return FileResponse(content, as_attachment=True, filename="照片.zip", content_type="application/zip")
