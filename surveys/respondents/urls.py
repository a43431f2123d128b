from django.urls import include, path

from office.workbench.pages import page
from surveys.respondents import entity_views, supervisor_views

urlpatterns = [
    page("import/entities/", entity_views.import_entities, "import-entities"),
    page("import/supervisors/", supervisor_views.import_supervisors, "import-supervisors"),
    path("", include("surveys.respondents.pools.urls")),
]
