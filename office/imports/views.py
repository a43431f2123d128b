"""One page for every import: upload, preview, then exactly what was previewed, or nothing.

What a small file would do is shown at once. A large one is looked through by a job, and so is its
import; meanwhile the page shows how far it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from office.errors import Refused
from office.imports import files as import_files
from office.imports import jobs as import_jobs
from office.imports.definition import LONGEST_LIST, Agreed, Import
from office.jobs import views as job_views
from office.models import Job, User
from office.workbench.pages import require, show
from office.workbooks.fault_marking import with_faults_marked
from office.workbooks.sheets import Fault, check_size, silently
from office.workbooks.writing import XLSX


class UploadForm(forms.Form):
    """A file and the page's one question."""

    file = forms.FileField(
        label="文件", widget=forms.FileInput, error_messages={"empty": "文件是空的，请选择填写好的文件。"}
    )
    option = forms.BooleanField(required=False)

    def __init__(self, *args: Any, what: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = what.accept
        self.fields["file"].error_messages["required"] = f"请选择{what.file_kind}（{what.accept}）。"
        if what.asks is not None:
            self.fields["option"] = what.asks()
        elif what.option:
            self.fields["option"].label = what.option
        else:
            del self.fields["option"]


def page(request: HttpRequest, what: Import) -> HttpResponse:
    user = require(request, what.action)
    posted = request.method == "POST"
    form = UploadForm(*((request.POST, request.FILES) if posted else ()), what=what)
    try:
        if "digest" in request.POST:
            return _commit(request, what, user)
        if "marked" in request.POST:
            return _marked(request, what, user)
        if posted and form.is_valid():
            return _uploaded(request, what, form, user)
        if form.errors and request.FILES and "file" not in form.errors:
            form.add_error("file", f"请重新选择{what.file_kind}。")
        if not posted and (waiting := _job(request, what, user)):
            return _after(request, what, form, waiting)
    except Refused as refusal:
        return _render(request, what, form, {"refusal": refusal, "faults": refusal.faults[:LONGEST_LIST]})
    return _render(request, what, form, {})


def _uploaded(request: HttpRequest, what: Import, form: UploadForm, user: User) -> HttpResponse:
    upload: UploadedFile[bytes] = form.cleaned_data["file"]
    check_size(upload.size or 0, what.largest)
    content = upload.read()
    option = form.cleaned_data.get("option", False)
    kept: dict[str, Any] = {"name": (upload.name or "")[:100], "option": option}
    if what.is_long(content):
        _forget(request, what)
        token = import_files.keep(content, holds_persons=what.holds_persons)
        job = import_jobs.enqueue_preview(what=what, token=token, option=option, acting_user=user)
        request.session[what.session_key] = {**kept, "token": token, "job": job.pk}
        return redirect(what.url_name)
    preview = what.preview(content, option, user, silently).shown()
    _forget(request, what)
    token = import_files.keep(content, holds_persons=what.holds_persons)
    request.session[what.session_key] = {**kept, "token": token, "digest": preview["digest"]}
    return _render(request, what, form, _previewed(what, preview, upload.name, option))


def _previewed(what: Import, preview: dict[str, Any], file_name: str | None, option: Any) -> dict[str, Any]:
    return {
        "preview": preview,
        "file_name": file_name,
        "stopped": bool(preview["fault_count"]) and what.faults_stop(option),
        "faults": preview["faults"],
        "changes": preview["changes"],
        "more_faults": preview["fault_count"] - len(preview["faults"]),
        "more_changes": preview["change_count"] - len(preview["changes"]),
    }


def _job(request: HttpRequest, what: Import, user: User) -> Job | None:
    kept = request.session.get(what.session_key) or {}
    return Job.objects.filter(pk=kept.get("job") or 0, created_by=user).first()


def _after(request: HttpRequest, what: Import, form: UploadForm, job: Job) -> HttpResponse:
    kept = request.session[what.session_key]
    if job.state in (Job.State.QUEUED, Job.State.RUNNING):
        return _render(request, what, form, {"job": job_views.told(job), "file_name": kept["name"]})
    if job.state == Job.State.FAILED:
        _forget(request, what)
        raise Refused(job.message)
    if kept.get("importing"):
        _forget(request, what)
        messages.success(request, job.outcome["结果"])
        return redirect(what.url_name)
    preview = import_files.kept_preview(kept["token"])
    request.session[what.session_key] = {**kept, "digest": preview["digest"]}
    return _render(request, what, form, _previewed(what, preview, kept["name"], kept["option"]))


def _kept(request: HttpRequest, what: Import, digest: str) -> tuple[dict[str, Any], bytes]:
    """Return what was previewed and its workbook, as long as both are there."""
    kept = request.session.get(what.session_key)
    if not kept or kept.get("digest") != digest:
        raise import_files.expired()
    return kept, import_files.kept(kept["token"])


def _marked(request: HttpRequest, what: Import, user: User) -> HttpResponse:
    kept, content = _kept(request, what, request.POST["marked"])
    if not what.can_mark:
        raise Refused("这类文件不能标注", "请按页面上列出的各项更正后重新上传。")
    if "job" in kept and not what.holds_persons:
        marked = import_files.kept_marked(kept["token"])
    else:
        found = what.preview(content, kept["option"], user, silently).faults
        marked = with_faults_marked(content, [fault for fault in found if isinstance(fault, Fault)])
    name = f"{Path(kept['name']).stem}（已标注）.xlsx"
    return workbook_answer(marked, name)


def workbook_answer(content: bytes, name: str) -> HttpResponse:
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


def _commit(request: HttpRequest, what: Import, user: User) -> HttpResponse:
    kept, content = _kept(request, what, request.POST["digest"])
    if "job" in kept:
        if not kept.get("importing"):
            job = import_jobs.enqueue_import(
                what=what,
                token=kept["token"],
                option=kept["option"],
                file_name=kept["name"],
                digest=kept["digest"],
                acting_user=user,
            )
            request.session[what.session_key] = {**kept, "job": job.pk, "importing": True}
        return redirect(what.url_name)
    agreed = Agreed(content, kept["name"], kept["option"], kept["digest"])
    said = what.run(agreed, user, silently)
    _forget(request, what)
    messages.success(request, said)
    return redirect(what.url_name)


def _render(request: HttpRequest, what: Import, form: UploadForm, context: dict[str, Any]) -> HttpResponse:
    status = 422 if "refusal" in context or form.errors else 200
    return show(
        request, "office/imports/import.html", what.title, status=status, what=what, form=form, **context
    )


def _forget(request: HttpRequest, what: Import) -> None:
    import_files.forget_old()
    kept = request.session.pop(what.session_key, None)
    if kept:
        import_files.forget(kept["token"])
