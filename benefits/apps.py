from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "benefits"
    verbose_name = "惠企政策"

    def ready(self) -> None:
        from benefits.claims import beside_matters
        from benefits.notice import start_page as of_notices
