"""PDFs on demand: a short one at once, a long one by a job, in a process of its own (decision 3).

What is typeset is put aside as it was when somebody asked, under the digest of its text: who asks again
for the same text, such as the packets of a frozen survey, is given the file that is there.
"""

from __future__ import annotations

import re
from hashlib import sha256
from io import BytesIO
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect

from office.errors import Refused
from office.exports import lists as list_exports
from office.exports import typeset
from office.files import stored
from office.jobs import services as jobs
from office.models import Job, User

KIND = "office.typeset"
PDF = "application/pdf"
IN_REQUEST = 400
"""Cells and paragraphs that are set in about a second."""
LONGEST_IN_REQUEST = 100_000  # characters: few cells may hold long texts
_PIECES = re.compile("</(?:td|th|p)>")


def hand_out(html: str, *, name: str, acting_user: User) -> HttpResponse | FileResponse:
    """Answer with the PDF, or have a job make it and lead to where it will lie.

    Whoever calls has asked for the permission and noted what leaves.
    """
    digest = sha256(html.encode()).hexdigest()
    if stored.private().exists(name_of(digest)):
        return answer(digest, name)
    if len(_PIECES.findall(html)) <= IN_REQUEST and len(html) <= LONGEST_IN_REQUEST:
        return _pdf(BytesIO(typeset.pdf(html)), name)
    _ask(html, digest, name=name, acting_user=acting_user)
    return redirect("admin:exports")


def answer(digest: str, name: str) -> FileResponse:
    """A stored PDF under the name its reader knows; FileNotFoundError where it is gone."""
    return _pdf(stored.private().open(name_of(digest)), name)


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
    stored.put(stored.private(), _text_of(digest), html.encode())
    with transaction.atomic():
        arguments = {"title": name, "digest": digest, "role": acting_user.role}
        jobs.enqueue(KIND, arguments, acting_user=acting_user)


@jobs.handles(KIND, "排版文件")
def make(arguments: dict[str, Any], progress: jobs.Progress) -> None:
    """Typeset what was put aside, in a folder of its own until it is whole."""
    list_exports.forget_old()
    private, digest = stored.private(), arguments["digest"]
    if private.exists(name_of(digest)):
        return
    if not private.exists(_text_of(digest)):
        raise Refused("待排版的内容已经删除", "请回到原来的页面重新下载。")
    progress(0, 0, "正在排版")
    with stored.workshop() as work:
        text, made = work / "text.html", work / "made.pdf"
        text.write_bytes(stored.take(private, _text_of(digest)))
        typeset.alone(text, made, told=lambda page: progress(0, 0, f"正在排版，已排{page}页"))
        stored.put_file(private, name_of(digest), made)
    private.delete(_text_of(digest))


def name_of(digest: str) -> str:
    """The stored name of the PDF of a text."""
    return f"exports/{digest}.pdf"


def _text_of(digest: str) -> str:
    return f"exports/{digest}.html"
