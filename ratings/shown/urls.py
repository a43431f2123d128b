from __future__ import annotations

from functools import partial

from django.urls import URLPattern

from office.workbench.pages import page
from ratings.shown import centre_figures, centre_register, own

urlpatterns: list[URLPattern] = [
    page("office/ratings/", centre_register.register, "register"),
    page("office/ratings/export/", centre_register.exported, "register-workbook"),
    page("office/ratings/figures/", centre_figures.figures, "figures"),
    page("office/ratings/figures.xlsx", partial(centre_figures.figures, form="xlsx"), "figures-workbook"),
    page("office/ratings/own/", own.own, "own"),
]
