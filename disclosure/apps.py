from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "disclosure"
    verbose_name = "三亮公开"

    def ready(self) -> None:
        from disclosure import start_page
        from disclosure.results import jobs, publish_act
        from disclosure.site import ballot_photos
