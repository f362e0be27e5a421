"""The list of clients, and what changes one. Its dossier is another area."""

from django.urls import path

from cabinet.web.clients import many_views, sheet_views, views

urlpatterns = [
    path("clients/", views.client_list, name="client_list"),
    path("clients/exporter/<str:kind>/", many_views.export, name="client_export"),
    path("clients/plusieurs/", many_views.act, name="client_act"),
    path("clients/filtres/", many_views.filters, name="client_filters"),
    path("clients/filtres/<uuid:filter_id>/renommer/", many_views.rename_filter, name="client_filter_rename"),
    path("clients/filtres/<uuid:filter_id>/supprimer/", many_views.delete_filter, name="client_filter_delete"),
    path("clients/importer/", sheet_views.sheet_list, name="client_sheets"),
    path("clients/importer/modele/<str:kind>/", sheet_views.model, name="client_sheet_model"),
    path("clients/importer/<uuid:sheet_id>/", sheet_views.sheet, name="client_sheet"),
    path("clients/importer/<uuid:sheet_id>/lignes/", sheet_views.choose, name="client_sheet_choose"),
    path("clients/importer/<uuid:sheet_id>/lancer/", sheet_views.start, name="client_sheet_start"),
    path("clients/importer/<uuid:sheet_id>/resultat/", sheet_views.result, name="client_sheet_result"),
    path("clients/importer/<uuid:sheet_id>/retirer/", sheet_views.delete, name="client_sheet_delete"),
    path("clients/<uuid:client_id>/modifier/", views.edit, name="client_edit"),
    path("clients/<uuid:client_id>/desactiver/", views.deactivate, name="client_deactivate"),
    path("clients/<uuid:client_id>/reactiver/", views.reactivate, name="client_reactivate"),
    path("clients/<uuid:client_id>/supprimer/", views.delete, name="client_delete"),
]
