from django.apps import AppConfig


class RatingsConfig(AppConfig):
    name = "ratings"
    verbose_name = "码上评"

    def ready(self) -> None:
        from ratings import backups
        from ratings.codes import start_page as of_codes
        from ratings.incoming import start_page as of_incoming
        from ratings.judging import start_page as of_judging
        from ratings.shown import hall_start_page as of_halls
        from ratings.shown import start_page as of_shown
        from ratings.tickets import start_page as of_tickets
        from ratings.watching import start_page as of_watching
        from surveys.keys import shuffle

        backups.register()
        shuffle.keep_no_order("ratings_ticket", "ratings_rating", "ratings_badratingcontact")
