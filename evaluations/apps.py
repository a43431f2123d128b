from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = "评价"

    def ready(self) -> None:
        from evaluations import backups, jobs
        from evaluations.consequences import start_page as consequences_start_page
        from evaluations.gathering import ballot
        from evaluations.gathering.draws import occasion
        from evaluations.gathering.entries import kinds
        from evaluations.gathering.interviews import kind
        from evaluations.gathering.ledger import channel, start_page
        from evaluations.gathering.sheets import kind as sheets
        from evaluations.gathering.sheets import start_page as sheets_start_page
        from evaluations.planning import start_page as planning_start_page
        from evaluations.schemes import groups

        backups.register()
