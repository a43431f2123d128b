"""The pages of pools and of draws from them (GY-R1, GY-R3, FC-R13)."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from office import roles
from office.exports.documents import hand_out
from office.imports import definition as imports
from office.imports import short_lists
from office.imports import views as import_views
from office.models import User
from office.workbench import start_page
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from office.workbooks.writing import XLSX
from surveys.draws import protocol
from surveys.models import DrawnMember, Pool, PoolCell, PoolDraw, PoolStratum
from surveys.respondents.pools import (
    documents,
    drawing,
    figures,
    filling,
    member_import,
    occasions,
    sample_import,
    structure_import,
)
from surveys.respondents.pools.forms import DrawForm, ReplaceForm, TotalForm

USUAL_TOTAL = "300"
STRUCTURE = short_lists.offer(
    structure_import.STRUCTURE,
    lead="上传样本库结构，表头为类别、应有人数；另可有样本库、细分、来源（市场主体名录、监督员名单、推荐名单）、更新周期（月）、主体类型、所属镇（街）。"
    "名单中没有的类别保持不变。从样本库页面导出的结构可修改后在此导入。",
    url_name="import-pool-structure",
)
MEMBERS = short_lists.offer(
    member_import.MEMBERS,
    lead="上传样本名单，表头为类别、姓名（名称）；另可有样本库、细分、编号、所在单位、所属参评单位、联系电话、入库日期、退出日期、退出原因。"
    "编号空白的，由系统编号。所在单位参评的，不参加抽取。从“查看样本”导出的表格可修改后在此导入。",
    url_name="import-pool-members",
)
SAMPLES = imports.offer(
    imports.Import(
        title="报送样本",
        lead="上传本季度在本单位办过事的企业，表头为企业名称、统一社会信用代码、联系电话；另可有办理事项、联系人、已撤回（是或否）。"
        "报送的企业与市场主体名录混合后随机抽取，是否抽中不向报送单位公开。",
        action="sample.hand_in",
        url_name="import-samples",
        option="",
        faults_stop=lambda _: True,
        preview=sample_import.preview,
        run=sample_import.run,
    )
)


@require_http_methods(["GET", "POST"])
@never_cache
def import_structure(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, STRUCTURE)


@require_http_methods(["GET", "POST"])
@never_cache
def import_members(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, MEMBERS)


@require_http_methods(["GET", "POST"])
@never_cache
def import_samples(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, SAMPLES)


@require_GET
def pools(request: HttpRequest) -> HttpResponse:
    user = require(request, "pool.view")
    today = timezone.localdate()
    found = [(pool, figures.strata_of(pool, today)) for pool in Pool.objects.all()]
    rows = [
        {
            "pool": pool,
            "size": sum(row.size for row in strata),
            "there": sum(row.there for row in strata),
            "due": sum(row.due for row in strata),
        }
        for pool, strata in found
    ]
    return show(request, "surveys/pools/pools.html", "评价样本库", rows=rows, may=_may(user))


def _may(user: User) -> dict[str, bool]:
    acts = ("edit", "import", "draw", "names", "replace")
    return {act: roles.allowed(user, f"pool.{act}") for act in acts}


@require_http_methods(["GET", "POST"])
@never_cache
def pool(request: HttpRequest, pool_id: int) -> HttpResponse:
    user = require(request, "pool.view")
    one = get_object_or_404(Pool, pk=pool_id)
    if request.method == "POST":
        require(request, "pool.edit")
        stratum = get_object_or_404(PoolStratum, pool=one, pk=_number(request.POST.get("stratum", "")))
        _act(request, request.POST.get("do", ""), stratum, user)
        return redirect("pool", one.pk)
    return show(
        request,
        "surveys/pools/pool.html",
        one.name,
        pool=one,
        rows=figures.strata_of(one, timezone.localdate()),
        draws=one.draws.defer("protocol"),
        may=_may(user),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _act(request: HttpRequest, act: str, stratum: PoolStratum, user: User) -> None:
    today = timezone.localdate()
    if act == "fill":
        with attempt(request, f"已补足“{stratum}”。") as done:
            filled = filling.fill_stratum(stratum=stratum, today=today, acting_user=user)
        if done:
            missing = f"，仍缺 {filled.missing}" if filled.missing else ""
            messages.info(request, f"补入 {filled.added}，其中单位报送 {filled.handed_in}{missing}。")
    elif act == "keep":
        with attempt(request, f"“{stratum}”到期的样本已续期。"):
            filling.keep_due(stratum=stratum, today=today, acting_user=user)
    elif act == "release":
        with attempt(request, f"“{stratum}”到期的样本已退出。下一步：补足。"):
            filling.release_due(stratum=stratum, today=today, acting_user=user)
    else:
        raise Http404


@require_POST
def structure(request: HttpRequest, pool_id: int) -> FileResponse:
    require(request, "pool.view")
    one = get_object_or_404(Pool, pk=pool_id)
    cells = PoolCell.objects.filter(stratum__pool=one).select_related("stratum__pool", "town")
    return _workbook(documents.structure_workbook(list(cells)), f"{one}结构.xlsx")


def _workbook(content: bytes, name: str) -> FileResponse:
    response = FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=XLSX)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@never_cache
def new_draw(request: HttpRequest, pool_id: int) -> HttpResponse:
    user = require(request, "pool.draw")
    one = get_object_or_404(Pool, pk=pool_id)
    listing = drawing.Listing.of(one)
    occasion = occasions.find(request.GET.get("for", ""))
    usual = str(occasion.total or USUAL_TOTAL) if occasion else USUAL_TOTAL
    asked = TotalForm({"total": request.POST.get("total") or request.GET.get("total") or usual})
    total = asked.cleaned_data["total"] if asked.is_valid() else 0
    initial = {"total": total, "list_hash": listing.hash(), "survey": request.GET.get("survey")}
    if occasion:
        initial |= {"title": occasion.label, "survey": occasion.survey_id}
    form = DrawForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        with attempt(request, "已抽取。名单不得向参评单位透露。") as done:
            made = drawing.draw_from_pool(
                pool=one,
                wanted=form.wanted(occasion),
                expected_hash=form.cleaned_data["list_hash"],
                now=timezone.now(),
                acting_user=user,
            )
        if done:
            return redirect(occasion.url if occasion else reverse("pool-draw", args=[made.pk]))
    return show(
        request,
        "surveys/pools/new_draw.html",
        "抽取样本",
        pool=one,
        occasion=occasion,
        asked=asked,
        form=form,
        shares=listing.shares(total) if total else [],
        total=total,
        list_hash=listing.hash(),
        status=422 if form.is_bound and form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@never_cache
def pool_draw(request: HttpRequest, draw_id: int) -> HttpResponse:
    user = require(request, "pool.view")
    one = get_object_or_404(PoolDraw.objects.select_related("pool", "survey", "drawn_by"), pk=draw_id)
    if request.method == "POST":
        require(request, "pool.replace")
        return _replace(request, one, user)
    may = _may(user)
    return show(
        request,
        "surveys/pools/draw.html",
        str(one),
        draw=one,
        occasion=occasions.of_draw(one) if roles.allowed(user, "round.view") else None,
        about=one.protocol.get("about", {}).items(),
        rule=one.protocol.get("rule", ""),
        groups=documents.groups(one) if one.protocol else [],
        protocol_hash=protocol.hash_of(one.protocol),
        faults=drawing.faults_of(one) if one.protocol else [],
        changes=drawing.changes_since(one) if one.protocol and may["names"] else [],
        replaced=one.drawn.filter(state=DrawnMember.State.REPLACED).count(),
        drawn=_names(one) if may["names"] else [],
        form=ReplaceForm(),
        may=may,
    )


def _names(one: PoolDraw) -> list[dict[str, Any]]:
    rows = one.drawn.select_related("member", "cell__stratum", "replaced_by__member")
    groups: dict[int, dict[str, Any]] = {}
    for row in rows:
        group = groups.setdefault(row.cell_id, {"cell": row.cell, "asked": [], "waiting": 0})
        if row.state == DrawnMember.State.RESERVE:
            group["waiting"] += 1
        else:
            group["asked"].append(row)
    return list(groups.values())


def _replace(request: HttpRequest, one: PoolDraw, user: User) -> HttpResponse:
    form = ReplaceForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请填写替换原因，如“三次未接通”“拒访”“空号”。")
        return redirect("pool-draw", one.pk)
    drawn = get_object_or_404(DrawnMember, draw=one, pk=form.cleaned_data["drawn"])
    with attempt(request, "已由同一细分的下一名候补递补。"):
        drawing.replace_drawn(
            drawn=drawn, reason=form.cleaned_data["reason"], now=timezone.now(), acting_user=user
        )
    return redirect("pool-draw", one.pk)


@require_POST
def document(request: HttpRequest, draw_id: int, name: str) -> HttpResponse | FileResponse:
    """Hand out the protocol without names, or to those who may see them the list and the whole protocol."""
    user = require(request, "pool.view" if name == "protocol.pdf" else "pool.names")
    one = get_object_or_404(PoolDraw.objects.select_related("pool"), pk=draw_id)
    if name == "protocol.pdf" and one.protocol:
        replaced = one.drawn.filter(state=DrawnMember.State.REPLACED).count()
        html = documents.protocol_html(one, drawing.faults_of(one), replaced)
        return hand_out(html, name=f"{one}记录", acting_user=user)
    if name == "names.xlsx":
        found = drawing.take_names(draw=one, acting_user=user)
        return _workbook(documents.names_workbook(one, found), f"{one}应访名单.xlsx")
    if name == "protocol.json":
        made = json.dumps(drawing.take_protocol(draw=one, acting_user=user), ensure_ascii=False, indent=1)
        response = FileResponse(
            BytesIO(made.encode()),
            as_attachment=True,
            filename=f"{one}记录.json",
            content_type="application/json",
        )
        response["Cache-Control"] = "no-store"
        return response
    raise Http404


@require_GET
def samples(request: HttpRequest) -> HttpResponse:
    """How many samples each department handed in this quarter; too few are flagged, never invented."""
    require(request, "sample.count")
    today = timezone.localdate()
    wanted = max(Pool.objects.values_list("samples_wanted", flat=True), default=20)
    return show(
        request,
        "surveys/pools/samples.html",
        "各单位报送样本",
        rows=list(figures.handed_in_by_department(today, wanted)),
        quarter=sample_import.quarter_in_words(sample_import.quarter_of(today)),
        wanted=wanted,
    )


start_page.add_link(
    "市场主体和镇（街）",
    "查看评价样本库",
    "pools",
    "pool.view",
    hint="各类样本的人数、到期、抽取和抽取记录",
    order=30,
    words={"pool.edit": "维护评价样本库"},
)
start_page.add_link(
    "市场主体和镇（街）",
    "查看各单位报送样本",
    "samples",
    "sample.count",
    hint="本季度报送数，不足的单位",
    order=40,
)
start_page.add_link(
    "本单位",
    "报送样本",
    "import-samples",
    "sample.hand_in",
    hint="本季度在本单位办过事的企业",
    order=60,
)
