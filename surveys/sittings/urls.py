from office.workbench.pages import page
from surveys.sittings import views

urlpatterns = [
    page("sittings/", views.sittings, "sittings"),
    page("surveys/<int:survey_id>/sittings/new/", views.new_sitting, "sitting-new"),
    page("sittings/<int:sitting_id>/", views.sitting, "sitting"),
    page("sittings/<int:sitting_id>/change/", views.change_sitting, "sitting-change"),
    page("sittings/<int:sitting_id>/attendance/", views.attendance, "sitting-attendance"),
    page("sittings/<int:sitting_id>/files/<str:name>", views.document, "sitting-file"),
]
