from __future__ import annotations

from evaluations.tolerance import clearing_views, views
from office.workbench.pages import page

urlpatterns = [
    page("tolerance/", views.tolerance, "tolerance"),
    page("tolerance/risks/new/", views.new_risk, "risk-new"),
    page("tolerance/risks/<int:report_id>/", views.risk, "risk"),
    page("tolerance/apply/<int:disposition_id>/", views.apply, "tolerance-apply"),
    page("tolerance/cases/<int:case_id>/", views.case, "tolerance-case"),
    page("tolerance/clearings/", clearing_views.clearings, "clearings"),
    page("tolerance/clearings/new/", clearing_views.new_clearing, "clearing-new"),
    page("tolerance/clearings/<int:clearing_id>/", clearing_views.clearing, "clearing"),
]
