from office.workbench.pages import page
from surveys.box import control_views

urlpatterns = [
    page("controls/", control_views.survey_list, "survey-controls-list"),
    page("<int:survey_id>/controls/", control_views.survey_controls, "survey-controls"),
    page("<int:survey_id>/explanations.json", control_views.explanations, "survey-explanations"),
]
