from office.workbench.pages import page
from surveys.slips import counting_views, replacing_views, returned_views, views

urlpatterns = [
    page("slips/", views.survey_list, "survey-slips-list"),
    page("slips/<int:batch_id>.pdf", views.print_slips, "survey-slips-pdf"),
    page("slips/<int:batch_id>/count/", counting_views.batch_count, "survey-batch-count"),
    page("<int:survey_id>/slips/", views.batches, "survey-slips"),
    page("<int:survey_id>/returned/", returned_views.returned_slips, "survey-returned"),
    page("<int:survey_id>/replacements/", replacing_views.replacements, "survey-replacements"),
    page("replacements/<int:batch_id>/", replacing_views.decide_replacement, "survey-replacement"),
]
