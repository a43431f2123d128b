from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "benefits"
    verbose_name = "惠企政策"

    def ready(self) -> None:
        from benefits.catalogue import start_page as of_catalogue
        from benefits.claims import beside_matters, fixing
        from benefits.desk import firm_start_page
        from benefits.desk import start_page as of_desk
        from benefits.incoming import start_page as of_incoming
        from benefits.matching import running
        from benefits.notice import start_page as of_notices
        from benefits.payments import beside_matters as of_payments
