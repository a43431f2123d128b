from django.urls import path

from disclosure import identity

urlpatterns = [
    path("", identity.home, name="home"),
    path("departments/", identity.departments, name="departments"),
    path("departments/<int:pk>/", identity.department, name="department"),
    path("duties/", identity.duties, name="duties"),
    path("sections/<int:pk>/", identity.section, name="section"),
    path("photos/<int:pk>.jpg", identity.photo, name="photo"),
    path("search/", identity.search, name="search"),
]
