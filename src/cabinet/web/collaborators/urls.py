"""Collaborateurs: the list, one person, their invitation, their departure."""

from django.urls import path

from cabinet.web.collaborators import views

urlpatterns = [
    path("collaborateurs/", views.collaborator_list, name="collaborator_list"),
    path("collaborateurs/nouveau/", views.create, name="collaborator_create"),
    path("collaborateurs/<uuid:person_id>/", views.collaborator, name="collaborator"),
    path("collaborateurs/<uuid:person_id>/modifier/", views.edit, name="collaborator_edit"),
    path("collaborateurs/<uuid:person_id>/inviter/", views.invite, name="collaborator_invite"),
    path("collaborateurs/<uuid:person_id>/revoquer/", views.revoke, name="collaborator_revoke"),
    path("collaborateurs/<uuid:person_id>/second-facteur/", views.forget_factor, name="collaborator_forget_factor"),
    path("collaborateurs/<uuid:person_id>/desactiver/", views.deactivate, name="collaborator_deactivate"),
    path("collaborateurs/<uuid:person_id>/reactiver/", views.reactivate, name="collaborator_reactivate"),
    path("collaborateurs/<uuid:person_id>/supprimer/", views.delete, name="collaborator_delete"),
]
