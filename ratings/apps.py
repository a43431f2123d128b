from django.apps import AppConfig


class RatingsConfig(AppConfig):
    name = "ratings"
    verbose_name = "码上评"

    def ready(self) -> None:
        from ratings import backups
        from surveys.keys import shuffle

        backups.register()
        shuffle.keep_no_order("ratings_ticket", "ratings_rating", "ratings_badratingcontact")
