"""The pages of procedures: which are in use, what each says with its sources, own intake on or off."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.models import ProcedureVersion
from casework.procedures.reading import sections
from casework.procedures.stored import switch_own_intake
from office import roles
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show


@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """Those in use first, then what matters in hand still go by."""
    require(request, "procedure.view")
    rows = ProcedureVersion.objects.order_by("-is_active", "procedure_id", "-pk")
    return show(request, "casework/procedures/list.html", "办理规程", rows=rows)


class SwitchForm(forms.Form):
    reason = forms.CharField(
        label="理由", max_length=200, help_text="写明依据的通知或者决定；公众页面和登记页面随即改变。"
    )


@never_cache
def procedure(request: HttpRequest, version_id: int) -> HttpResponse:
    user = require(request, "procedure.view")
    version = get_object_or_404(ProcedureVersion, pk=version_id)
    may_switch = roles.allowed(user, "procedure.activate") and version.is_active
    form = SwitchForm(posted(request)) if may_switch else None
    if form is not None and form.is_valid():
        wanted = not version.own_intake
        done = "已开启自行受理。" if wanted else "已关闭自行受理，只导入上级平台的事项。"
        with attempt(request, done) as switched, edit_conflicts.unchanged(request, version, _seen):
            switch_own_intake(
                version=version,
                own_intake=wanted,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
                acting_user=user,
            )
        if switched:
            return redirect("casework:procedure", version.pk)
    return show(
        request,
        "casework/procedures/procedure.html",
        version.title,
        version=version,
        procedure=version.procedure,
        sections=sections(version.procedure),
        form=form,
        seen_mark=edit_conflicts.page_mark(request, _seen(version)),
    )


def _seen(version: ProcedureVersion) -> list[object]:
    """What the page showed and the button would turn over."""
    return list(ProcedureVersion.objects.values_list("own_intake", "is_active").get(pk=version.pk))
