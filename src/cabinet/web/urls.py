"""Every screen: one line an area. Names stand alone (``client_list``): the areas call each other by them."""

from django.urls import include, path

urlpatterns = [
    path("", include("cabinet.web.home.urls")),
    path("", include("cabinet.web.clients.urls")),
    path("", include("cabinet.web.portfolios.urls")),
    path("", include("cabinet.web.collaborators.urls")),
    path("", include("cabinet.web.groups.urls")),
    path("", include("cabinet.web.firm_settings.urls")),
    path("", include("cabinet.web.journal.urls")),
    path("", include("cabinet.web.connections.urls")),
    path("", include("cabinet.web.carbon.urls")),
    path("", include("cabinet.web.vsme.urls")),
    path("", include("cabinet.web.dossier.urls")),
    path("envois/", include("cabinet.web.large_files.urls")),
    path("nouveau-client/", include("cabinet.web.wizard.urls")),
    path("compte/", include("cabinet.web.account.urls")),
    path("", include("cabinet.web.monitoring.urls")),
    path("composants/", include("cabinet.web.gallery.urls")),
]
