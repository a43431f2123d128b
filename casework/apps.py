from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = "事项办理"

    def ready(self) -> None:
        from casework.desk import start_page as desk_start_page
        from casework.figures import start_page as of_figures
        from casework.incoming import start_page as of_incoming
        from casework.matters import due, provisional, receipts
        from casework.plates import start_page as of_plates
        from casework.reporters import start_page as of_reporters
        from casework.hearings import start_page as hearings
        from casework.lists import start_page as lists
