from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.module_loading import autodiscover_modules


class OfficeConfig(AppConfig):
    name = "office"
    verbose_name = "系统管理"
    default = True

    def ready(self) -> None:
        """Let every room register its handlers of jobs and what it puts on start pages."""
        autodiscover_modules("jobs", "import_jobs", "list_exports", "documents", "waiting")


class WorkbenchConfig(admin_apps.AdminConfig):
    """Makes `admin.site` the workbench."""

    default_site = "office.site.Workbench"
    default = False

    def ready(self) -> None:
        """Let every room register its pages: those of `admin` and those in a file of their own."""
        super().ready()
        autodiscover_modules("audit_admin", "entity_admin", "supervisor_admin", "task_admin")
