"""The office's page that prints boards for a wall."""

from __future__ import annotations

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from departments.models import Department
from departments.roster.unit_choice import UnitChoiceForm
from disclosure.boards.sheets import BOARDS, SIZES, take_board
from office.errors import Refused
from office.exports import documents
from office.workbench import start_page
from office.workbench.pages import require, show


class BoardForm(UnitChoiceForm):
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label="单位",
        empty_label="请选择",
        error_messages={"required": "请选择单位。"},
    )
    board = forms.ChoiceField(
        label="内容", choices=list(BOARDS.items()), widget=forms.RadioSelect, initial="identity"
    )
    size = forms.ChoiceField(
        label="纸张", choices=list(SIZES.items()), widget=forms.RadioSelect, initial="a3"
    )


@require_safe
@never_cache
def boards(request: HttpRequest) -> HttpResponse | FileResponse:
    """Offer the boards, or send one (YC-R1, YC-R2); a department's people get their own only."""
    user = require(request, "roster.view")
    asked = "board" in request.GET
    form, refusal = BoardForm(*((request.GET,) if asked else ()), user=user), None
    if asked and form.is_valid():
        chosen = form.cleaned_data
        unit, board, size = chosen["department"], chosen["board"], chosen["size"]
        try:
            html = take_board(board=board, department_id=unit.pk, size=size, acting_user=user)
        except Refused as error:
            refusal = error
        else:
            return documents.hand_out(html, name=f"{unit}{BOARDS[board]}", acting_user=user)
    return show(
        request,
        "disclosure/boards/boards.html",
        "打印公示牌",
        status=422 if refusal or form.errors else 200,
        form=form,
        refusal=refusal,
    )


start_page.add_link(
    "单位和人员",
    "打印公示牌",
    "boards-for-walls",
    "roster.view",
    hint="上墙的身份公示牌（含照片）和职责公示牌，A3 或 A4",
    order=36,
)
