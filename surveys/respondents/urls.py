from office.workbench.pages import page
from surveys.respondents import entity_views, supervisor_views

urlpatterns = [
    page("entities/", entity_views.import_entities, "import-entities"),
    page("supervisors/", supervisor_views.import_supervisors, "import-supervisors"),
]
