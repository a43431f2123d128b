from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = "事项办理"

    def ready(self) -> None:
        from casework import backups
        from casework.desk import start_page as of_desk
        from casework.figures import start_page as of_figures
        from casework.hearings import start_page as of_hearings
        from casework.incoming import start_page as of_incoming
        from casework.lists import start_page as of_lists
        from casework.matters import due, provisional, receipts
        from casework.officers import start_page as of_officers
        from casework.own import start_page as of_own
        from casework.plates import start_page as of_plates
        from casework.procedures import start_page as of_procedures
        from casework.reporters import start_page as of_reporters
        from casework.watching import start_page as of_watching

        backups.register()
