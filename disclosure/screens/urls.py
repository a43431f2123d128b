from django.urls import path

from disclosure.screens import office, views
from office.workbench.pages import page

urlpatterns = [
    path("screen/worker.js", views.worker, name="hall-screen-worker"),
    path("screen/<slug:place>/", views.screen, name="hall-screen"),
    path("screen/<slug:place>/frames.json", views.frames, name="hall-screen-frames"),
    page("office/screens/", office.screens, "hall-screens"),
]
