"""The office's pages of departments beside the admin: importing a roster, looking at a photo."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from departments.access import own_department
from departments.models import StaffMember
from departments.roster import services
from departments.roster.plan import CHANGED, CREATED, MISSING, UNCHANGED, Plan
from office.exports import fonts
from office.imports import definition as imports
from office.imports import views as import_views
from office.models import User
from office.workbench.pages import require
from office.workbooks.sheets import ReportProgress


def _shown(plan: Plan) -> imports.Preview:
    return imports.Preview(
        digest=plan.digest(),
        headings=["新增", "变更", "未变", "名单中未出现"],
        rows=[(what, list(counts.values())) for what, counts in plan.counts().items()],
        notes=[*plan.notes, *filter(None, [fonts.warning("".join(map(str, plan.changes)))])],
        faults=plan.faults,
        changes=[
            str(change)
            for action in (MISSING, CHANGED, CREATED)
            for change in plan.changes
            if change.action == action
        ],
        writes=plan.writes,
    )


def _preview(content: bytes, new_departments: bool, user: User, progress: ReportProgress) -> imports.Preview:
    return _shown(
        services.preview_roster(
            content=content, new_departments=new_departments, acting_user=user, progress=progress
        )
    )


def _run(agreed: imports.Agreed, user: User, progress: ReportProgress) -> str:
    plan = services.import_roster(
        content=agreed.content,
        file_name=agreed.file_name,
        new_departments=agreed.option,
        expected_digest=agreed.digest,
        acting_user=user,
        progress=progress,
    )
    if not plan.writes:
        return "名册与系统中的数据一致，没有变化。"
    told = plan.counts()["人员"]
    done = f"名册已导入：人员新增 {told[CREATED]}，变更 {told[CHANGED]}，未变 {told[UNCHANGED]}。"
    return f"{done}下一步：在“公示身份和职责”中{'公布' if own_department(user) is None else '提交审核'}。"


ROSTER = imports.offer(
    imports.Import(
        title="导入人员名册",
        lead="上传人员身份公示表（附件1）和岗位职责公示表（附件2），可以在同一个工作簿中。没有现成表格的，可从“导出公示表”下载工作簿填写。先预览，确认无误后再导入。",
        action="roster.import",
        url_name="import-roster",
        option="工作簿中有单位名单以外的单位时，一并新增",
        faults_stop=lambda _: True,
        preview=_preview,
        run=_run,
    )
)


OWN_ROSTER = imports.offer(
    imports.Import(
        title="导入本单位名册",
        lead="上传本单位的人员身份公示表（附件1）和岗位职责公示表（附件2），可以在同一个工作簿中；"
        "可从“导出公示表”下载本单位现有名册的工作簿，修改后上传。先预览，确认无误后再导入。"
        "工作簿中没有的人员和科（室）不会删除；公示页面在提交审核并核准之后更新。",
        action="roster.import_own",
        url_name="import-own-roster",
        option="",
        faults_stop=lambda _: True,
        preview=_preview,
        run=_run,
    )
)


@require_http_methods(["GET", "POST"])
@never_cache
def import_roster(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, ROSTER)


@require_http_methods(["GET", "POST"])
@never_cache
def import_own_roster(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, OWN_ROSTER)


@require_safe
@never_cache
def staff_photo(request: HttpRequest, pk: int) -> FileResponse:
    user = require(request, "roster.view")
    people = StaffMember.objects.exclude(photo="")
    own = own_department(user)
    person = get_object_or_404(people if own is None else people.filter(department=own), pk=pk)
    try:
        return FileResponse(person.photo.open("rb"), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404 from error
