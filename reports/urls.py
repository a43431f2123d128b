from office.workbench.pages import page
from reports.annexes.views import export_sheets
from reports.documents import batch
from reports.documents import views as documents
from reports.papers import account_views, matter_views
from reports.results import views

urlpatterns = [
    page("office/results/<int:result_id>/ranking.xlsx", views.download_ranking, "ranking-download"),
    page("office/results/<int:result_id>/ranking.<slug:form>", views.download_ranking_paper, "ranking-paper"),
    page("office/results/<int:result_id>/sheets/<slug:form>/", views.download_score_sheets, "score-sheets"),
    page(
        "office/results/<int:result_id>/sheets/<int:department_id>/<slug:form>/",
        views.download_score_sheet,
        "score-sheet-file",
    ),
    page("office/annexes/sheets/", export_sheets, "export-sheets"),
    page(
        "office/accounts/<int:year>/<int:department_id>/account.<slug:form>",
        account_views.unit_file,
        "account-file",
    ),
    page(
        "office/accounts/<int:year>/superior.<slug:form>", account_views.package_file, "account-package-file"
    ),
    page(
        "office/matters/months/<int:month_id>/notice.<slug:form>",
        matter_views.month_notice,
        "matter-month-file",
    ),
    page(
        "office/benefits/notice/<int:notice_id>/notice.<slug:form>",
        matter_views.benefit_notice,
        "benefit-notice-file",
    ),
    page(
        "office/matters/month/<int:review_id>/minutes.<slug:form>",
        matter_views.review_minutes,
        "month-review-file",
    ),
    page("office/documents/", documents.documents, "documents"),
    page("office/documents/check/", documents.check, "document-check"),
    page("office/documents/together/<int:job_id>/", batch.together, "documents-together"),
    page("office/documents/together/<int:job_id>/papers.zip", batch.together_file, "documents-together-file"),
    page("office/documents/<int:document_id>/", documents.document_page, "document-page"),
    page("office/documents/<int:document_id>/paper.<slug:form>", documents.paper_file, "paper-file"),
    page("office/documents/of/<slug:about>/<int:about_id>/", documents.documents_of, "documents-of"),
    page("office/documents/of/<slug:about>/<int:about_id>/all/", batch.ask_for_all, "documents-of-all"),
    page(
        "office/documents/of/<slug:about>/<int:about_id>/<slug:kind>/", documents.new_document, "document-new"
    ),
]
