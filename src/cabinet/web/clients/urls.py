"""The list of clients, and what changes one. Its dossier is another area."""

from django.urls import path

from cabinet.web.clients import views

urlpatterns = [
    path("clients/", views.client_list, name="client_list"),
    path("clients/<uuid:client_id>/modifier/", views.edit, name="client_edit"),
    path("clients/<uuid:client_id>/desactiver/", views.deactivate, name="client_deactivate"),
    path("clients/<uuid:client_id>/reactiver/", views.reactivate, name="client_reactivate"),
    path("clients/<uuid:client_id>/supprimer/", views.delete, name="client_delete"),
]
