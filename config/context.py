from django.conf import settings
from django.http import HttpRequest


def county(request: HttpRequest) -> dict[str, object]:
    return {"county_name": settings.COUNTY_NAME, "demo": settings.DEMO}
