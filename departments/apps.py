from django.apps import AppConfig


class DepartmentsConfig(AppConfig):
    name = "departments"
    verbose_name = "单位和人员"

    def ready(self) -> None:
        from departments.notices import jobs, start_page
