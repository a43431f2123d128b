"""The office's page for importing the sample library (YC-R5)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from office.exports import fonts
from office.imports import definition as imports
from office.imports import views as import_views
from office.models import User
from office.workbooks.sheets import ReportProgress
from surveys.respondents import entity_import


def _preview(content: bytes, skip_faulty: bool, user: User, progress: ReportProgress) -> imports.Preview:
    plan = entity_import.preview_entities(content=content, acting_user=user, progress=progress)
    counts = plan.counts()
    notes = list(plan.notes)
    if plan.new_towns:
        names = "、".join(town.name for town in plan.new_towns)
        notes.append(f"系统中还没有镇（街），将按文件新增：{names}。")
    if cannot_print := fonts.warning("".join(sorted(plan.characters))):
        notes.append(cannot_print)
    return imports.Preview(
        digest=plan.digest(),
        headings=list(counts),
        rows=[("市场主体", list(counts.values()))],
        notes=notes,
        faults=plan.faults,
        changes=[*plan.altered_named, *plan.new_named],
        change_count=plan.altered + plan.new,
        writes=plan.writes,
    )


def _run(agreed: imports.Agreed, user: User, progress: ReportProgress) -> str:
    plan = entity_import.import_entities(
        content=agreed.content,
        file_name=agreed.file_name,
        skip_faulty=agreed.option,
        expected_digest=agreed.digest,
        acting_user=user,
        progress=progress,
    )
    if not plan.writes:
        return "样本库与系统中的数据一致，没有变化。"
    counts = plan.counts()
    left_out = f"，略过有误的 {counts['有误']} 行" if counts["有误"] else ""
    return f"样本库已导入：新增 {counts['新增']}，变更 {counts['变更']}，未变 {counts['未变']}{left_out}。"


ENTITIES = imports.offer(
    imports.Import(
        title="导入市场主体样本库",
        lead="上传样本库工作簿（市场主体名称、统一社会信用代码、主体类型、所属镇（街））。先预览，确认无误后再导入。",
        action="entity.import",
        url_name="import-entities",
        option="略过有误的行，导入其余各行",
        faults_stop=lambda option: not option,
        preview=_preview,
        run=_run,
    )
)


@require_http_methods(["GET", "POST"])
@never_cache
def import_entities(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, ENTITIES)
