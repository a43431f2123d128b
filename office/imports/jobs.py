"""Previews and imports too long for a request, as durable jobs.

The file and what was found in it lie in the private folder; the job's row, which others may see in
their list of jobs, holds no more than its name there.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from office import audit
from office.imports import definition as imports
from office.imports import files as import_files
from office.jobs import services as jobs
from office.models import Job, User
from office.workbooks.fault_marking import with_faults_marked
from office.workbooks.sheets import Fault

DONE = "结果"


def enqueue_preview(*, what: imports.Import, token: str, option: Any, acting_user: User) -> Job:
    with transaction.atomic():
        arguments = _arguments(what, token, option, acting_user)
        return jobs.enqueue("office.preview_import", arguments, acting_user=acting_user)


def enqueue_import(
    *, what: imports.Import, token: str, option: Any, file_name: str, digest: str, acting_user: User
) -> Job:
    with transaction.atomic():
        arguments = _arguments(what, token, option, acting_user)
        arguments |= {"file_name": file_name, "digest": digest}
        return jobs.enqueue("office.run_import", arguments, acting_user=acting_user)


def _arguments(what: imports.Import, token: str, option: Any, user: User) -> dict[str, Any]:
    address = audit.client_address.get()
    return {
        "import": what.url_name,
        "token": token,
        "option": option,
        "user": user.pk,
        "address": address,
    }


@jobs.handles("office.preview_import", "预览导入文件")
def preview(arguments: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    what, token = imports.offered(arguments["import"]), arguments["token"]
    content = import_files.kept(token)
    user = User.objects.get(pk=arguments["user"])
    found = what.preview(content, arguments["option"], user, progress)
    faults = [fault for fault in found.faults if isinstance(fault, Fault)]
    marked = None
    if faults and what.can_mark and not what.holds_persons:
        progress(0, 0, "正在标注有误的单元格")
        marked = with_faults_marked(content, faults)
    import_files.keep_preview(token, found.shown(), marked)
    return {"导入": what.title, "有误": len(found.faults)}


@jobs.handles("office.run_import", "导入文件")
def run(arguments: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Import what was previewed, once: that it is done is written in the transaction of the import.

    A further attempt finds it there; one that has lost its job to a later attempt cannot commit.
    """
    what = imports.offered(arguments["import"])
    if said := Job.objects.get(pk=progress.job_id).outcome.get(DONE):
        _forget(what, arguments["token"])
        return {"导入": what.title, DONE: said}
    content = import_files.kept(arguments["token"])
    agreed = imports.Agreed(content, arguments["file_name"], arguments["option"], arguments["digest"])

    def note_done() -> None:
        progress.write_outcome({"导入": what.title, DONE: "文件已按预览导入。"})

    address = audit.client_address.set(arguments["address"])
    together = audit.done_with_it.set(note_done)
    try:
        said = what.run(agreed, User.objects.get(pk=arguments["user"]), progress)
    finally:
        audit.done_with_it.reset(together)
        audit.client_address.reset(address)
    _forget(what, arguments["token"])
    return {"导入": what.title, DONE: said}


def _forget(what: imports.Import, token: str) -> None:
    """Remove what says who reported as soon as it is stored sealed; other files go with the next upload."""
    if what.holds_persons:
        import_files.forget(token)
