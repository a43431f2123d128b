from django.contrib import admin
from django.urls import include, path

from config.health import healthz, readyz
from config.metrics import metrics

handler403 = "config.refusals.permission_denied"
handler404 = "config.refusals.not_found"
handler500 = "config.refusals.server_error"

urlpatterns = [
    path("", include("surveys.urls")),  # first: a hall votes at once
    path("healthz", healthz, name="healthz"),
    path("livez", healthz, name="livez"),  # as it was called first
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("disclosure.urls")),
    path("", include("departments.urls")),
    path("", include("casework.urls")),
    path("", include("ratings.urls")),
    path("", include("benefits.urls")),
    path("office/disclosures/", include("disclosure.approval.urls")),
    path("office/rounds/", include("evaluations.cockpit.urls")),
    path("", include("disclosure.results.urls")),
    path("", include("reports.urls")),
    path("office/", admin.site.urls),
]
