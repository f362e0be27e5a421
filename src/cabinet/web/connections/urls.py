"""*Connexions API*."""

from django.urls import path

from cabinet.web.connections import views

ONE = "connexions/<uuid:connection_id>/"

urlpatterns = [
    path("connexions/", views.connections, name="connections"),
    path("connexions/nouvelle/<slug:tool>/", views.create, name="connection_create"),
    path(ONE, views.connection, name="connection"),
    path(f"{ONE}modifier/", views.edit, name="connection_edit"),
    path(f"{ONE}tester/", views.check, name="connection_check"),
    path(f"{ONE}lien/", views.invite, name="connection_invite"),
    path(f"{ONE}activer/", views.switch, name="connection_switch"),
    path(f"{ONE}supprimer/", views.delete, name="connection_delete"),
    path(f"{ONE}dossiers/<uuid:company_id>/", views.link, name="connection_link"),
]
