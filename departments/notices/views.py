"""The page of one notice, where its addressee signs for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from departments.notices.access import addressed_to, readable_by
from departments.notices.services import sign_for
from office.workbench.attempt import attempt
from office.workbench.pages import require, show


@require_safe
@never_cache
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, "notice.view")
    found = get_object_or_404(readable_by(user).select_related("sent_by", "received_by"), pk=pk)
    waits = found.received_at is None and found.taken_back_at is None
    return show(
        request,
        "departments/notices/notice.html",
        str(found),
        notice=found,
        state=found.state_in_words(timezone.localdate()),
        may_sign=waits and addressed_to(user).filter(pk=pk).exists(),
        leads_on=found.url if addressed_to(user).filter(pk=pk).exists() else "",
    )


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, "notice.sign")
    found = get_object_or_404(addressed_to(user), pk=pk)
    with attempt(request, f"已签收：{found}。"):
        sign_for(notice=found, now=timezone.now(), acting_user=user)
    return redirect("notice", pk)
