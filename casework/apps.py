from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = "事项办理"

    def ready(self) -> None:
        from casework import backups
        from casework.desk import start_page as desk_start_page
        from casework.hearings import start_page as hearings
        from casework.figures import start_page as of_figures
        from casework.incoming import start_page as of_incoming
        from casework.lists import start_page as lists
        from casework.matters import due, provisional, receipts
        from casework.own import start_page as of_own
        from casework.plates import start_page as of_plates
        from casework.procedures import start_page as of_procedures
        from casework.reporters import start_page as of_reporters
        from casework.watching import start_page as of_watching
        from casework.matters import due, provisional, receipts
        from casework.officers import start_page as of_officers
        from casework.plates import start_page as of_plates
        from casework.reporters import start_page as of_reporters

        backups.register()
        from casework.hearings import start_page as hearings
        from casework.lists import start_page as lists
