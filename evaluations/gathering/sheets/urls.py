from __future__ import annotations

from evaluations.gathering.sheets import grid_views, list_views, views
from office.workbench.pages import page

urlpatterns = [
    page("sheets/import/", list_views.import_markers, "sheets-import"),
    page("sheets/mine/", grid_views.mine, "sheets-mine"),
    page("sheets/mark/<int:sheet_id>/", grid_views.mark, "sheets-mark"),
    page("sheets/mark/<int:sheet_id>/save/", grid_views.save, "sheets-save"),
    page("sheets/key/<int:sheet_id>/", grid_views.key, "sheets-key"),
    page("sheets/void/<int:sheet_id>/", views.void, "sheets-void"),
    page("sheets/remove/<int:marker_id>/", views.remove_marker, "sheets-remove-marker"),
    page("sheets/<int:channel_id>/", views.panel, "sheets"),
    page("sheets/<int:channel_id>/markers/", views.add_marker, "sheets-add-marker"),
    page("sheets/<int:channel_id>/do/<slug:act>/", views.act, "sheets-act"),
    page("sheets/<int:channel_id>/blank.pdf", views.printed, "sheets-printed"),
    page("sheets/<int:channel_id>/keying/", grid_views.keying, "sheets-keying"),
]
