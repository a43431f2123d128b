"""The cockpit of a round for the centre; its steps and acts."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from disclosure.cockpit import comments, custody, steps
from disclosure.cockpit.acts import ACTS, act_of, form_of
from disclosure.cockpit.forms import DepartmentsForm, RoundForm
from evaluations import periods, returns, schemes, services
from evaluations.models import Round, SchemeVersion
from office import roles, stale
from office.answers import tried
from office.models import User
from surveys import queries

S = Round.State


def user_of(request: HttpRequest) -> User:
    """Return who asks; the admin's login stands before every page here."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def require(request: HttpRequest, action: str) -> User:
    """Return who asks if they may see this page."""
    user = user_of(request)
    if not roles.allowed(user, action):
        raise PermissionDenied
    return user


def show(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    """Render a page of the workbench."""
    around = {**admin.site.each_context(request), "title": title, **context}
    return render(request, f"disclosure/cockpit/{template}.html", around)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, None where the page was only asked for."""
    return request.POST if request.method == "POST" else None


def rounds(request: HttpRequest) -> HttpResponse:
    """List the rounds, the newest first."""
    user = require(request, "round.view")
    found = Round.objects.select_related("scheme_version")
    rows = [{"round": one, "period": periods.in_words(one.period)} for one in found]
    return show(request, "rounds", "评价轮次", rows=rows, may_create=roles.allowed(user, "round.edit"))


def new_round(request: HttpRequest) -> HttpResponse:
    """Create a round from an active scheme."""
    user = require(request, "round.edit")
    active = SchemeVersion.objects.filter(is_active=True).order_by("-scheme_id")
    versions = [version for version in active if schemes.by_ballot(version)]
    chosen = [version for version in versions if str(version.pk) == request.GET.get("scheme")]
    version = next(iter([*chosen, *versions]), None)
    if version is None:
        messages.error(request, "系统中还没有启用的评价方案，不能新建轮次。请联系系统管理员载入方案。")
        return redirect("cockpit:rounds")
    form = RoundForm(posted(request), version=version)
    if form.is_valid():
        data = form.cleaned_data
        made: list[Round] = []

        def create() -> None:
            made.append(
                services.create_round(
                    title=data["title"],
                    period=form.period(),
                    scheme_version=version,
                    base_date=data["base_date"],
                    persons_public=data["persons_public"],
                    persons_public_decision=data["persons_public_decision"],
                    options=form.overrides(),
                    questions=data["questions"].splitlines(),
                    acting_user=user,
                )
            )

        if tried(request, create, "已创建轮次。"):
            return redirect("cockpit:round", made[0].pk)
    return show(request, "new", "新建轮次", form=form, version=version, versions=versions)


def round_page(request: HttpRequest, round_id: int) -> HttpResponse:
    """Show one round as a row of steps with the one to do now."""
    user = require(request, "round.view")
    round_ = get_object_or_404(
        Round.objects.select_related("scheme_version", "survey", "created_by"), pk=round_id
    )
    survey = round_.survey
    counted = bool(survey and queries.counts(survey))
    turnout = queries.turnout(survey) if survey and round_.state == S.OPEN else None
    context = {
        **steps.heading(round_),
        "steps": steps.steps_of(
            round_,
            user,
            counted=counted,
            notes=_notes(round_),
            paper_keyed=queries.paper_keyed(survey) if survey else None,
        ),
        "turnout": turnout,
        "returns": returns.returns_of(round_, returned(round_, turnout, counted=counted)),
        "is_open": round_.state == S.OPEN,
        "counted": counted,
        "controls": queries.controls(survey) if survey and counted else {},
        "custody": custody.of(round_, user),
        "comments": comments.summary(round_) if counted else None,
        "publication": round_.publications.filter(is_current=True, rendered_at__isnull=False).first(),
    }
    return show(request, "round", round_.title, **context)


def returned(round_: Round, turnout: queries.Turnout | None, *, counted: bool) -> dict[str, int]:
    """Return the votes by kind: those counted, else last night's rounded figures."""
    if counted:
        return queries.valid_ballots(round_.survey)  # type: ignore[arg-type]
    return turnout.by_kind if turnout else {}


def _notes(round_: Round) -> dict[str, str]:
    departments = round_.departments.count()
    notes = {"departments": f"{departments} 个单位" if departments else "尚未选定"}
    notes["subjects"] = f"名单基准日 {round_.base_date:%Y年%m月%d日}"
    if planned := sum(sum(kinds.values()) for kinds in round_.slips_plan.values()):
        notes["slips"] = f"共 {planned} 张"
    for page, day, word in (
        ("open", round_.opened_on, "开始"),
        ("close", round_.closed_on, "截止"),
        ("serve", round_.served_on, "送达"),
        ("end-appeals", round_.appeals_until, "申诉截止"),
    ):
        if day:
            notes[page] = (
                f"{word}于 {day:%Y年%m月%d日}" if page != "end-appeals" else f"{word}日 {day:%Y年%m月%d日}"
            )
    if round_.published_at:
        notes["publish"] = f"公布于 {timezone.localtime(round_.published_at):%Y年%m月%d日}"
    return notes


def departments(request: HttpRequest, round_id: int) -> HttpResponse:
    """Tick the departments of a round."""
    user = require(request, "round.view")
    round_ = get_object_or_404(Round, pk=round_id)
    chosen = _chosen(round_)
    may_edit = roles.allowed(user, "round.edit") and round_.state in (S.DRAFT, S.FROZEN)
    form = DepartmentsForm(posted(request), initial={"departments": chosen})
    if request.method == "POST" and form.is_valid():
        ids = [department.pk for department in form.cleaned_data["departments"]]
        if tried(
            request,
            lambda: stale.guarded(
                request,
                round_,
                lambda: _chosen(round_),
                lambda: services.choose_departments(round=round_, department_ids=ids, acting_user=user),
            ),
            f"已选定 {len(ids)} 个参评单位。下一步：锁定参评名单。",
        ):
            return redirect("cockpit:round", round_.pk)
    context = {**steps.heading(round_), "form": form, "may_edit": may_edit, "rows": round_.departments.all()}
    context["seen_mark"] = stale.page_mark(request, chosen)
    return show(request, "departments", "参评单位", **context)


def _chosen(round_: Round) -> list[int]:
    """Which departments the page shows ticked."""
    return sorted(round_.departments.values_list("department_id", flat=True))


def act(request: HttpRequest, round_id: int, slug: str) -> HttpResponse:
    """Ask once, then do one act of a round."""
    if slug not in ACTS:
        raise Http404
    user = require(request, ACTS[slug].action)
    round_ = get_object_or_404(Round.objects.select_related("survey"), pk=round_id)
    chosen = act_of(slug, round_)
    form = form_of(slug, round_)(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()

        def work() -> None:
            # Only asked before: an act has a transaction of its own and asks for the round's state in it.
            stale.refuse_changed(request, round_, _standing(round_))
            chosen.work(round_, form.cleaned_data, user, now)

        if tried(request, work, chosen.done):
            return redirect("cockpit:round", round_.pk)
    around = {**steps.heading(round_), "act": chosen, "form": form, "slug": slug}
    around["seen_mark"] = stale.page_mark(request, _standing(round_))
    return show(request, "act", chosen.title, **around, custody=custody.of(round_, user))


def _standing(round_: Round) -> list[Any]:
    """What an act builds on: nobody prints slips for a plan, or signs a result, that changed unseen."""
    results = round_.results.order_by("pk").values_list("pk", flat=True)
    return [list(Round.objects.values_list().get(pk=round_.pk)), _chosen(round_), list(results)]
