from django.contrib import admin
from django.urls import path

from departments import views

urlpatterns = [
    path("office/import/roster/", admin.site.admin_view(views.import_roster), name="import-roster"),
    path("office/photos/<int:pk>.jpg", admin.site.admin_view(views.staff_photo), name="staff-photo"),
]
