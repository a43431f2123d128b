from __future__ import annotations

from django.urls import URLPattern

from office.workbench.pages import page
from ratings.codes import views

urlpatterns: list[URLPattern] = [
    page("office/ratings/codes/", views.codes, "codes"),
    page("office/ratings/codes/new/", views.new_codes, "codes-new"),
    page("office/ratings/codes/posters.pdf", views.code_posters, "codes-posters"),
    page("office/ratings/codes/<int:code_id>/end/", views.code_end, "code-end"),
]
