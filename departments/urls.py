from django.contrib import admin
from django.urls import path

from departments import photo_views, supervision_views, task_views, views

urlpatterns = [
    path("office/tasks/<int:pk>/", admin.site.admin_view(task_views.task), name="task"),
    path("office/import/roster/", admin.site.admin_view(views.import_roster), name="import-roster"),
    path("office/import/photos/", admin.site.admin_view(photo_views.import_photos), name="import-photos"),
    path("office/export/photos/", admin.site.admin_view(photo_views.export_photos), name="export-photos"),
    path(
        "office/import/supervision/",
        admin.site.admin_view(supervision_views.import_supervision),
        name="import-supervision",
    ),
    path("office/photos/<int:pk>.jpg", admin.site.admin_view(views.staff_photo), name="staff-photo"),
]
