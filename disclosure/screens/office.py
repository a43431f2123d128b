"""The office's list of screens: each is set up by opening its address once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from casework.plates.qr import drawn
from disclosure.screens.places import places
from office.workbench import start_page
from office.workbench.pages import require, show


@require_safe
def screens(request: HttpRequest) -> HttpResponse:
    require(request, "window.view")
    found = [(one, drawn(one.address, f"{one.name}大屏地址")) for one in places()]
    return show(request, "disclosure/screens/office.html", "大厅屏幕", screens=found)


start_page.add_link(
    "单位和人员",
    "设置大厅屏幕",
    "hall-screens",
    "window.view",
    hint="各大厅屏幕的网址和二维码，打开一次即可长期播放",
    order=44,
)
