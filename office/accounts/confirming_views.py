"""The page on which a second person agrees to what an administrator asks for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from office.accounts import two_persons
from office.workbench.attempt import attempt
from office.workbench.pages import require, show


@require_http_methods(["GET", "POST"])
def account_requests(request: HttpRequest) -> HttpResponse:
    user = require(request, "account.confirm")
    if request.method == "POST":
        given = request.POST.get("request", "")
        agreed = request.POST.get("do") == "agree"
        number = int(given) if given.isdecimal() and len(given) < 18 else 0
        with attempt(request, "已同意，系统管理员可以办理。" if agreed else "已登记为不同意。"):
            two_persons.decide(request_id=number, agreed=agreed, acting_user=user)
        return HttpResponseRedirect(request.path)
    return show(
        request,
        "office/accounts/account_requests.html",
        "确认账户申请",
        requests=[one for one in two_persons.waiting() if one.user_id != user.pk],
    )
