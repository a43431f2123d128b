from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = "评价"

    def ready(self) -> None:
        from evaluations import backups, jobs
        from evaluations.account import start_page as account_start_page
        from evaluations.appeals import start_page as appeals_start_page
        from evaluations.consequences import start_page as consequences_start_page
        from evaluations.consequences import telling
        from evaluations.gathering import ballot
        from evaluations.gathering.draws import occasion
        from evaluations.gathering.entries import kinds
        from evaluations.gathering.interviews import kind
        from evaluations.gathering.ledger import channel, proposals, start_page
        from evaluations.gathering.sheets import kind as sheets
        from evaluations.gathering.sheets import start_page as sheets_start_page
        from evaluations.planning import start_page as planning_start_page
        from evaluations.rectification import beginning, limits
        from evaluations.rectification import start_page as rectification_start_page
        from evaluations.schemes import groups
        from evaluations.tolerance import clearing
        from evaluations.tolerance import start_page as tolerance_start_page

        backups.register()
