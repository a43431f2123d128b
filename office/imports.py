"""One page for every import: upload, preview, then exactly what was previewed, or nothing.

The uploaded workbook waits in a private folder under a random name that only the uploader's session
knows; it is removed after the import, with the next upload, or when a day has passed.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from office import roles
from office.errors import Refused
from office.models import User
from office.workbooks import MAX_FILE, MEGABYTE, Fault, check_size, with_faults_marked

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT_FOR = 24 * 60 * 60
LONGEST_LIST = 200
GONE = "预览已过期，没有导入。请重新上传文件。"


@dataclass
class Preview:
    """What an import would do, as the page shows it."""

    digest: str
    headings: list[str]
    rows: list[tuple[str, list[int]]]
    notes: list[str] = field(default_factory=list)
    faults: Sequence[object] = ()  # each says in words what is wrong where
    changes: list[str] = field(default_factory=list)
    writes: bool = True


@dataclass(frozen=True)
class Import:
    """One kind of import: its words, who may do it, and the two services behind it.

    `preview(content, option, user)` and `run(content, file_name, option, digest, user)`; `option` is
    the answer to the one question the page may ask: `option` as a box to tick, or `asks` as a line to
    fill in.
    """

    title: str
    lead: str
    action: str
    url_name: str
    option: str
    faults_stop: Callable[[bool], bool]
    preview: Callable[[bytes, Any, User], Preview]
    run: Callable[[bytes, str, Any, str, User], str]
    asks: Callable[[], forms.CharField] | None = None
    file_kind: str = "工作簿"
    accept: str = ".xlsx"
    largest: int = MAX_FILE
    can_mark: bool = True  # whether the file can come back with its faults marked

    @property
    def file_label(self) -> str:
        """What to choose: `工作簿（.xlsx，不超过 20 MB）`."""
        return f"{self.file_kind}（{self.accept}，不超过 {self.largest // MEGABYTE} MB）"

    @property
    def session_key(self) -> str:
        """Where the session keeps what was previewed."""
        return f"import {self.url_name}"


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
    """Serve the three steps of an import."""
    user = request.user
    if not isinstance(user, User) or not roles.allowed(user, what.action):
        raise PermissionDenied
    posted = request.method == "POST"
    form = UploadForm(*((request.POST, request.FILES) if posted else ()), what=what)
    try:
        if "digest" in request.POST:
            return _commit(request, what, user)
        if "marked" in request.POST:
            return _marked(request, what, user)
        if posted and form.is_valid():
            return _preview(request, what, form, user)
    except Refused as refusal:
        return _render(request, what, form, {"refusal": refusal, "faults": refusal.faults[:LONGEST_LIST]})
    return _render(request, what, form, {})


def _preview(request: HttpRequest, what: Import, form: UploadForm, user: User) -> HttpResponse:
    upload: UploadedFile[bytes] = form.cleaned_data["file"]
    check_size(upload.size or 0, what.largest)
    content = upload.read()
    option = form.cleaned_data.get("option", False)
    preview = what.preview(content, option, user)
    _forget(request, what)
    token = secrets.token_hex(16)
    (_folder() / token).write_bytes(content)
    request.session[what.session_key] = {
        "token": token,
        "name": (upload.name or "")[:100],
        "option": option,
        "digest": preview.digest,
    }
    context = {
        "preview": preview,
        "file_name": upload.name,
        "stopped": bool(preview.faults) and what.faults_stop(option),
        "faults": preview.faults[:LONGEST_LIST],
        "changes": preview.changes[:LONGEST_LIST],
        "more_faults": max(0, len(preview.faults) - LONGEST_LIST),
        "more_changes": max(0, len(preview.changes) - LONGEST_LIST),
    }
    return _render(request, what, form, context)


def _kept(request: HttpRequest, what: Import, digest: str) -> tuple[dict[str, Any], bytes]:
    """Return what was previewed and its workbook, as long as both are there."""
    kept = request.session.get(what.session_key)
    if not kept or kept["digest"] != digest:
        raise Refused(GONE)
    try:
        return kept, (_folder() / kept["token"]).read_bytes()
    except OSError as error:
        raise Refused(GONE) from error


def _marked(request: HttpRequest, what: Import, user: User) -> HttpResponse:
    """Hand the workbook back with its faulty cells marked."""
    kept, content = _kept(request, what, request.POST["marked"])
    faults = [
        fault for fault in what.preview(content, kept["option"], user).faults if isinstance(fault, Fault)
    ]
    if not what.can_mark:
        raise Refused("这类文件不能标注，没有生成文件。请按页面上列出的各项更正后重新上传。")
    marked = with_faults_marked(content, faults)
    name = f"{Path(kept['name']).stem}（已标注）.xlsx"
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(marked, content_type=XLSX, headers={"Content-Disposition": disposition})


def _commit(request: HttpRequest, what: Import, user: User) -> HttpResponse:
    kept, content = _kept(request, what, request.POST["digest"])
    said = what.run(content, kept["name"], kept["option"], kept["digest"], user)
    _forget(request, what)
    messages.success(request, said)
    return redirect(what.url_name)


def _render(request: HttpRequest, what: Import, form: UploadForm, context: dict[str, Any]) -> HttpResponse:
    status = 422 if "refusal" in context or form.errors else 200
    context = {**admin.site.each_context(request), "title": what.title, "what": what, "form": form, **context}
    return render(request, "office/import.html", context, status=status)


def _forget(request: HttpRequest, what: Import) -> None:
    kept = request.session.pop(what.session_key, None)
    if kept:
        (_folder() / kept["token"]).unlink(missing_ok=True)


def _folder() -> Path:
    """Return the private folder, rid of what was left lying."""
    folder = Path(settings.DATA_DIR) / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in folder.iterdir():
        if time.time() - path.stat().st_mtime > KEPT_FOR:
            path.unlink(missing_ok=True)
    return folder
