from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = "事项办理"

    def ready(self) -> None:
        from casework.matters import provisional
        from casework.officers import start_page as officers_start_page
