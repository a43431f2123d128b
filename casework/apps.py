from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = "事项办理"

    def ready(self) -> None:
        from casework.hearings import start_page as hearings
        from casework.lists import start_page as lists
        from casework.matters import provisional
