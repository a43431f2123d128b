from __future__ import annotations

from functools import partial

from django.urls import URLPattern

from casework.figures import views
from office.workbench.pages import page

urlpatterns: list[URLPattern] = [
    page("office/matters/figures/", views.figures, "matter-figures"),
    page("office/matters/figures/list/", views.figure_list, "matter-figure-list"),
    page(
        "office/matters/figures/list.xlsx",
        partial(views.figure_list, form="xlsx"),
        "matter-figure-workbook",
    ),
    page("office/matters/figures/causes/", views.cause_report, "matter-causes"),
    page("office/matters/figures/what-if/", views.try_limits, "matter-what-if"),
    page("office/matters/figures/close/", views.close, "matter-month-close"),
    page("office/matters/months/<int:month_id>/", views.closed_month, "matter-month"),
    page(
        "office/matters/months/<int:month_id>/figures.xlsx",
        views.closed_month_workbook,
        "matter-month-workbook",
    ),
]
