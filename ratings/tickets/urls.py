from __future__ import annotations

from django.urls import URLPattern

from office.workbench.pages import page
from ratings.tickets import views

urlpatterns: list[URLPattern] = [
    page("office/ratings/tickets/", views.tickets, "tickets"),
    page("office/ratings/tickets/new/", views.new_roll, "tickets-new"),
]
