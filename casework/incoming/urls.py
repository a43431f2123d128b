from __future__ import annotations

from functools import partial

from django.urls import URLPattern

from casework.incoming import views
from casework.incoming.headings import HOTLINE, PROVINCE
from office.workbench.pages import page

urlpatterns: list[URLPattern] = [
    page("office/matters/incoming/hotline/", partial(views.import_page, channel=HOTLINE), "import-hotline"),
    page(
        "office/matters/incoming/province/", partial(views.import_page, channel=PROVINCE), "import-province"
    ),
    page("office/matters/<int:matter_id>/higher-number/", views.higher_number, "matter-higher-number"),
]
