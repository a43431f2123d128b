from django.urls import path

from disclosure.approval.annex_views import export_annexes
from disclosure.site import ballot_board
from disclosure.site import views as identity
from office.workbench.pages import page

urlpatterns = [
    path("", identity.home, name="home"),
    path("departments/", identity.departments, name="departments"),
    path("departments/<int:pk>/", identity.department, name="department"),
    path("duties/", identity.duties, name="duties"),
    path("sections/<int:pk>/", identity.section, name="section"),
    path("photos/<int:pk>.jpg", identity.photo, name="photo"),
    path("b/<slug:public_id>/", ballot_board.board, name="board"),
    path("b/<slug:public_id>/public.zip", ballot_board.public_bundle, name="board-bundle"),
    path("search/", identity.search, name="search"),
    page("office/annexes/", export_annexes, "export-annexes"),
]
