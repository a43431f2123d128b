"""The voters' addresses, answered before any session, and those of the office below /office/."""

from django.urls import include, path

from surveys.box import custodian_page

urlpatterns = [
    path("", include("surveys.voting.urls")),
    path(custodian_page.NAME, custodian_page.download, name="custodian-page"),
    path("office/", include("surveys.respondents.urls")),
    path("office/surveys/", include("surveys.slips.urls")),
    path("office/surveys/", include("surveys.box.urls")),
    path("office/surveys/", include("surveys.paper.urls")),
    path("office/", include("surveys.sittings.urls")),
]
