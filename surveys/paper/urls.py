from office.workbench.pages import page
from surveys.paper import data_entry_views, views

urlpatterns = [
    page("paper/", views.survey_list, "survey-paper-list"),
    page("paper/<int:stratum_id>.pdf", views.packet, "survey-paper-packet"),
    page("<int:survey_id>/paper/", views.paper, "survey-paper"),
    page("<int:survey_id>/paper/exchange/", views.exchange, "survey-paper-exchange"),
    page("<int:survey_id>/paper/labels.pdf", views.print_labels, "survey-paper-labels"),
    page("<int:survey_id>/paper/aside/", views.set_aside, "survey-paper-aside"),
    page("<int:survey_id>/paper/finish/", views.finish, "survey-paper-finish"),
    page("<int:survey_id>/paper/keying/", data_entry_views.screen, "survey-paper-keying"),
    page("<int:survey_id>/paper/form.json", data_entry_views.form, "survey-paper-form"),
    page("<int:survey_id>/paper/sheet.json", data_entry_views.sheet, "survey-paper-sheet"),
    page("<int:survey_id>/paper/save.json", data_entry_views.save, "survey-paper-save"),
]
