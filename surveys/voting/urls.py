from django.urls import path

from surveys.voting import tracker_views, views

urlpatterns = [
    path("v/", views.ballot_page, name="ballot"),
    path("v/form/<slug:key_id>.json", views.ballot_form, name="ballot-form"),
    path("v/photos/<slug:digest>.json", views.ballot_photos, name="ballot-photos"),
    path("v/redeem", views.redeem, name="ballot-redeem"),
    path("v/cast", views.cast, name="ballot-cast"),
    path("b/<slug:public_id>/trackers.json", tracker_views.tracker_list, name="ballot-trackers"),
    path("b/<slug:public_id>/trackers.bin", tracker_views.tracker_table, name="ballot-tracker-table"),
]
