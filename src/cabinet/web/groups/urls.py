"""Gestion des groupes: the list, one group, its permissions, its deletion."""

from django.urls import path

from cabinet.web.groups import views

urlpatterns = [
    path("groupes/", views.group_list, name="group_list"),
    path("groupes/nouveau/", views.create, name="group_create"),
    path("groupes/<uuid:group_id>/", views.group, name="group"),
    path("groupes/<uuid:group_id>/modifier/", views.edit, name="group_edit"),
    path("groupes/<uuid:group_id>/supprimer/", views.delete, name="group_delete"),
]
