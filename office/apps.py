from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class OfficeConfig(AppConfig):
    name = "office"
    verbose_name = "系统管理"
    default = True

    def ready(self) -> None:
        from office import start_page
        from office.exports import documents, lists
        from office.imports import jobs
        from office.safekeeping import drills

        drills.prove_by("verify_audit", "操作审计", line=0)


class WorkbenchConfig(admin_apps.AdminConfig):
    """Makes `admin.site` the workbench."""

    default_site = "office.site.Workbench"
    default = False
