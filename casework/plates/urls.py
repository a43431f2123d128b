from __future__ import annotations

from django.urls import URLPattern

from casework.plates import views
from office.workbench.pages import page

urlpatterns: list[URLPattern] = [
    page("office/matters/plates/", views.plates, "plates"),
    page("office/matters/plates/new/", views.new_plates, "plates-new"),
    page("office/matters/plates/posters.pdf", views.posters, "plates-posters"),
    page("office/matters/plates/<int:plate_id>/end/", views.plate_end, "plate-end"),
]
