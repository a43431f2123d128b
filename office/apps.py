from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class OfficeConfig(AppConfig):
    name = "office"
    verbose_name = "系统管理"
    default = True

    def ready(self) -> None:
        """Register the handlers of jobs."""
        from office import import_jobs, list_exports  # noqa: F401, PLC0415 - need the models


class WorkbenchConfig(admin_apps.AdminConfig):
    """Makes `admin.site` the workbench."""

    default_site = "office.site.Workbench"
    default = False
