"""Batches of tickets, and rolls of one-time codes for a hall."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from casework.figures.shares import Share
from office import roles
from office.exports.documents import PDF
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from ratings.models import RatingCode, TicketBatch
from ratings.rules import all_rules
from ratings.tickets import rolls

A_PAGE = 50


@require_safe
def tickets(request: HttpRequest) -> HttpResponse:
    """The batches: how many tickets each has, and which part of the printed ones was used to rate."""
    user = require(request, "rating.ticket")
    found = TicketBatch.objects.filter(rules_id__in=all_rules()).select_related("hall", "made_by")
    shown = Paginator(found.order_by("-made_on", "-pk"), A_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "ratings/tickets/tickets.html",
        "评价票",
        rows=[(batch, all_rules()[batch.rules_id], _used(batch)) for batch in shown],
        shown=shown,
        may_print=roles.allowed(user, "rating.print"),
        may_import=roles.allowed(user, "rating.import"),
    )


def _used(batch: TicketBatch) -> str:
    """Say how many were used as counted last night; of a few it would say who has rated."""
    is_told = batch.kind == TicketBatch.Kind.ROLL and batch.used >= all_rules()[batch.rules_id].shown.own_from
    return str(Share(batch.used, batch.size)) if is_told else "—"


class WallField(forms.ModelChoiceField):
    def label_from_instance(self, obj: RatingCode) -> str:
        return f"{obj.hall}（{all_rules()[obj.rules_id].title}）"


class RollForm(forms.Form):
    wall = WallField(
        label="办事大厅",
        queryset=RatingCode.objects.filter(kind=RatingCode.Kind.WALL, ended_on=None).select_related("hall"),
        empty_label=None,
        help_text="大厅有在用的码墙才能印制。",
    )
    number = forms.IntegerField(
        label="张数", min_value=1, max_value=rolls.MOST_AT_ONCE, initial=120, help_text="一页24张。"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_roll(request: HttpRequest) -> HttpResponse:
    """Print a roll; the file is handed out once and kept nowhere."""
    user = require(request, "rating.print")
    form = RollForm(posted(request))
    if form.is_valid():
        given = form.cleaned_data
        with attempt(request, "评价票已印制。"):
            roll = rolls.print_roll(
                wall=given["wall"], number=given["number"], today=timezone.localdate(), acting_user=user
            )
            name = f"评价票（{given['wall'].hall}，{given['number']}张）.pdf"
            disposition = content_disposition_header(True, name) or "attachment"
            headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
            return HttpResponse(roll.pdf, content_type=PDF, headers=headers)
    return show(request, "ratings/tickets/new.html", "印制评价票", form=form)
