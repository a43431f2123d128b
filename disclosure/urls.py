from django.contrib import admin
from django.urls import path

from disclosure import board, identity
from disclosure.annex_views import export_annexes

urlpatterns = [
    path("", identity.home, name="home"),
    path("departments/", identity.departments, name="departments"),
    path("departments/<int:pk>/", identity.department, name="department"),
    path("duties/", identity.duties, name="duties"),
    path("sections/<int:pk>/", identity.section, name="section"),
    path("photos/<int:pk>.jpg", identity.photo, name="photo"),
    path("b/<slug:public_id>/", board.board, name="board"),
    path("b/<slug:public_id>/public.zip", board.public_bundle, name="board-bundle"),
    path("search/", identity.search, name="search"),
    path("office/annexes/", admin.site.admin_view(export_annexes), name="export-annexes"),
]
