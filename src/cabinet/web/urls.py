"""Every screen: one line an area, each with the ``app_name`` that ``shell.py`` names (``clients:list`` and so on)."""

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="gallery"), name="home"),
    path("compte/", include("cabinet.web.account.urls")),
    path("composants/", include("cabinet.web.gallery.urls")),
]
