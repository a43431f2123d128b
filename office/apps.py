from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class OfficeConfig(AppConfig):
    name = "office"
    verbose_name = "系统管理"
    default = True

    def ready(self) -> None:
        from office import start_page  # noqa: F401, PLC0415 - registers its reminders; needs the models
        from office.exports import documents, lists  # noqa: F401, PLC0415 - jobs register themselves
        from office.imports import jobs  # noqa: F401, PLC0415 - likewise


class WorkbenchConfig(admin_apps.AdminConfig):
    """Makes `admin.site` the workbench."""

    default_site = "office.site.Workbench"
    default = False
