from django.urls import register_converter

from office.workbench.pages import page
from reports.annexes.views import export_sheets
from reports.results import views


class Form:
    """The form in which a document is wanted."""

    regex = "pdf|xlsx"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Form, "form")

urlpatterns = [
    page("office/results/<int:result_id>/ranking.xlsx", views.download_ranking, "ranking-download"),
    page("office/results/<int:result_id>/ranking.pdf", views.download_ranking_pdf, "ranking-pdf"),
    page("office/results/<int:result_id>/sheets.<form:form>", views.download_score_sheets, "score-sheets"),
    page(
        "office/results/<int:result_id>/sheets/<int:department_id>.<form:form>",
        views.download_score_sheet,
        "score-sheet-file",
    ),
    page("office/annexes/sheets/", export_sheets, "export-sheets"),
]
