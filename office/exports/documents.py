"""PDFs on demand: a short one at once, a long one by a job, in a process of its own (decision 3).

What is typeset is put aside as it was when somebody asked, under the digest of its text: who asks again
for the same text, such as the packets of a frozen survey, is given the file that is there.
"""

from __future__ import annotations

import re
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect

from office.errors import Refused
from office.exports import lists as list_exports
from office.exports import typeset
from office.jobs import services as jobs
from office.models import Job, User

KIND = "office.typeset"
PDF = "application/pdf"
IN_REQUEST = 400
"""Cells and paragraphs that are set in about a second."""
_PIECES = re.compile("</(?:td|th|p)>")


def hand_out(html: str, *, name: str, acting_user: User) -> HttpResponse | FileResponse:
    """Answer with the PDF, or have a job make it and lead to where it will lie.

    Whoever calls has asked for the permission and noted what leaves.
    """
    digest = sha256(html.encode()).hexdigest()
    path = file_of(digest)
    if path.exists():
        path.touch()
        return answer(path, name)
    if len(_PIECES.findall(html)) <= IN_REQUEST:
        return _pdf(BytesIO(typeset.pdf(html)), name)
    _ask(html, digest, name=name, acting_user=acting_user)
    return redirect("admin:exports")


def answer(path: Path, name: str) -> FileResponse:
    return _pdf(path.open("rb"), name)


def _pdf(content: Any, name: str) -> FileResponse:
    response = FileResponse(content, as_attachment=True, filename=f"{name}.pdf", content_type=PDF)
    response["Cache-Control"] = "no-store"
    return response


def _ask(html: str, digest: str, *, name: str, acting_user: User) -> None:
    """Ask for one job per text and person, however often the button is pressed."""
    waiting = Job.objects.filter(
        kind=KIND,
        created_by=acting_user,
        arguments__digest=digest,
        state__in=[Job.State.QUEUED, Job.State.RUNNING],
    )
    if waiting.exists():
        return
    _text_of(digest).write_text(html, encoding="utf-8")
    with transaction.atomic():
        arguments = {"title": name, "digest": digest, "role": acting_user.role}
        jobs.enqueue(KIND, arguments, acting_user=acting_user)


@jobs.handles(KIND, "排版文件")
def make(arguments: dict[str, Any], progress: jobs.Progress) -> None:
    """Typeset the stored text under a temporary name and rename it when complete."""
    list_exports.forget_old()
    text, path = _text_of(arguments["digest"]), file_of(arguments["digest"])
    if path.exists():
        path.touch()
        return
    if not text.exists():
        raise Refused("待排版的内容已经删除", "请回到原来的页面重新下载。")
    unfinished = path.with_name(f"{path.name}.{progress.job_id}.{progress.attempt}")
    progress(0, 0, "正在排版")
    try:
        typeset.alone(text, unfinished, told=lambda page: progress(0, 0, f"正在排版，已排{page}页"))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    text.unlink(missing_ok=True)


def file_of(digest: str) -> Path:
    return list_exports.folder() / f"{digest}.pdf"


def _text_of(digest: str) -> Path:
    return list_exports.folder() / f"{digest}.html"
