from __future__ import annotations

from django.urls import URLPattern

from benefits.desk import bank_dates, claim_page, claims_list, payment_pages, pool_pages
from benefits.desk.claim_new import claim_new
from benefits.desk.paper_check import claim_papers
from office.workbench.pages import page

urlpatterns: list[URLPattern] = [
    page("office/benefits/claims/", claims_list.claims, "claims"),
    page("office/benefits/claims/new/", claim_new, "claim-new"),
    page("office/benefits/claims/<int:claim_id>/", claim_page.claim, "claim"),
    page("office/benefits/claims/<int:claim_id>/papers/", claim_papers, "claim-papers"),
    page("office/benefits/payments/", payment_pages.payments, "payments"),
    page("office/benefits/payments/treasury/", payment_pages.treasury_list, "payments-treasury"),
    page("office/benefits/payments/bank-dates/", bank_dates.import_page, "import-bank-dates"),
    page("office/benefits/payments/<int:payment_id>/", payment_pages.payment, "payment"),
    page("office/benefits/pools/", pool_pages.pools, "pools"),
    page("office/benefits/pools/<int:pool_id>/", pool_pages.pool, "pool"),
]
