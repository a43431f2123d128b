"""Guard and show an office page that is no list or form of the admin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path

from office import roles
from office.models import User


def page(route: str, view: Callable[..., Any], name: str) -> URLPattern:
    """Return the address of a page that asks for a login first."""
    return path(route, admin.site.admin_view(view), name=name)


def signed_in(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def require(request: HttpRequest, *actions: str) -> User:
    """Return who asks if they may do at least one of `actions`; answer 403 otherwise."""
    user = signed_in(request)
    if not any(roles.allowed(user, action) for action in actions):
        raise PermissionDenied
    return user


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent; None where the page was only asked for, so that its form stays unbound."""
    return request.POST if request.method == "POST" else None


def show(
    request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    around = {**admin.site.each_context(request), "title": title, **context}
    return render(request, template, around, status=status)
