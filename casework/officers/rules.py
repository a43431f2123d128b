"""The rules about officers in use: those of whichever procedure has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from casework.matters.clocks import Reckoner
from casework.models import ProcedureVersion
from casework.procedure.officers import OfficerRules
from office.errors import Refused

View = Callable[..., HttpResponseBase]


@dataclass
class InUse:
    """The version under which problems are registered, its rules, the calendar; keep one for many visits."""

    version: ProcedureVersion
    rules: OfficerRules

    @cached_property
    def reckoner(self) -> Reckoner:
        return Reckoner()


class NoRules(Refused):
    def __init__(self) -> None:
        super().__init__("没有在用的首席服务官规程", "请系统管理员载入办理规程后再试。")


def in_use() -> InUse:
    """Return the rules in use, in one query; refuse where no procedure has any."""
    for version in ProcedureVersion.objects.filter(is_active=True):
        if (rules := version.procedure.officers) is not None:
            return InUse(version, rules)
    raise NoRules


def needed(view: View) -> View:
    """Lead back to the start page, with the reason, as long as no rules are loaded."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NoRules as missing:
            messages.error(request, str(missing))
            return redirect("admin:index")

    return answer
