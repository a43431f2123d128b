from django.urls import include, path

from disclosure.approval.annex_views import export_annexes
from disclosure.boards.views import boards
from disclosure.results.office import result_sheet
from disclosure.site import ballot_board, checks, views
from office.workbench.pages import page

urlpatterns = [
    path("", views.home, name="home"),
    path("departments/", views.departments, name="departments"),
    path("departments/<int:pk>/", views.department, name="department"),
    path("duties/", views.duties, name="duties"),
    path("sections/<int:pk>/", views.section, name="section"),
    path("photos/<int:pk>.jpg", views.photo, name="photo"),
    path("b/<slug:public_id>/", ballot_board.board, name="board"),
    path("b/<slug:public_id>/public.zip", ballot_board.public_bundle, name="board-bundle"),
    path("custodian/", views.custodian_page, name="custodian-digest"),
    path("search/", views.search, name="search"),
    path("check/", checks.check, name="check"),
    path("", include("disclosure.screens.urls")),
    page("office/published/<int:round_id>/<int:department_id>.docx", result_sheet, "result-sheet"),
    page("office/boards/", boards, "boards-for-walls"),
    page("office/annexes/", export_annexes, "export-annexes"),
]
