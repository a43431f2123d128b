from office.workbench.pages import page
from surveys.respondents.pools import views

urlpatterns = [
    page("import/pool-structure/", views.import_structure, "import-pool-structure"),
    page("import/pool-members/", views.import_members, "import-pool-members"),
    page("import/samples/", views.import_samples, "import-samples"),
    page("pools/", views.pools, "pools"),
    page("pools/samples/", views.samples, "samples"),
    page("pools/<int:pool_id>/", views.pool, "pool"),
    page("pools/<int:pool_id>/structure.xlsx", views.structure, "pool-structure"),
    page("pools/<int:pool_id>/draw/", views.new_draw, "pool-draw-new"),
    page("draws/<int:draw_id>/", views.pool_draw, "pool-draw"),
    page("draws/<int:draw_id>/files/<str:name>", views.document, "pool-draw-file"),
]
