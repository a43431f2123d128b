from departments.accounts import views as account_views
from departments.notices import views as notice_views
from departments.photos import views as photo_views
from departments.roster import views
from departments.supervision import views as supervision_views
from departments.tasks import views as task_views
from departments.units import views as unit_views
from departments.windows import views as window_views
from office.workbench.pages import page

urlpatterns = [
    page("office/tasks/<int:pk>/", task_views.task, "task"),
    page("office/notices/<int:pk>/", notice_views.notice, "notice"),
    page("office/notices/<int:pk>/sign/", notice_views.sign, "notice-sign"),
    page("office/import/roster/", views.import_roster, "import-roster"),
    page("office/import/own-roster/", views.import_own_roster, "import-own-roster"),
    page("office/import/photos/", photo_views.import_photos, "import-photos"),
    page("office/export/photos/", photo_views.export_photos, "export-photos"),
    page("office/import/users/", account_views.import_users, "import-users"),
    page("office/import/supervision/", supervision_views.import_supervision, "import-supervision"),
    page("office/import/units/", unit_views.import_units, "import-units"),
    page("office/import/windows/", window_views.import_windows, "import-windows"),
    page("office/photos/<int:pk>.jpg", views.staff_photo, "staff-photo"),
]
