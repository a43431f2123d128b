from django.apps import AppConfig


class RatingsConfig(AppConfig):
    name = "ratings"
    verbose_name = "码上评"

    def ready(self) -> None:
        from ratings.codes import start_page as of_codes
        from ratings.incoming import start_page as of_incoming
        from ratings.shown import hall_start_page as of_halls
        from ratings.tickets import start_page as of_tickets
        from surveys.keys import shuffle

        shuffle.keep_no_order("ratings_ticket", "ratings_rating", "ratings_badratingcontact")
