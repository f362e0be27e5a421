"""The carbon pages of a dossier."""

from django.urls import path

from cabinet.web.carbon import rule_views, supplier_views, views

urlpatterns = [
    path("clients/<uuid:client_id>/indicateurs/carbone/", views.carbon, name="carbon"),
    path("clients/<uuid:client_id>/indicateurs/carbone/export.xlsx", views.sheet, name="carbon_xlsx"),
    path("clients/<uuid:client_id>/indicateurs/carbone/detail/", views.detail, name="carbon_detail"),
    path("clients/<uuid:client_id>/indicateurs/carbone/calcul/", views.trace, name="carbon_trace"),
    path("clients/<uuid:client_id>/indicateurs/carbone/facteurs/", views.factors, name="carbon_factors"),
    path(
        "clients/<uuid:client_id>/indicateurs/carbone/fournisseurs/", supplier_views.suppliers, name="carbon_suppliers"
    ),
    path(
        "clients/<uuid:client_id>/indicateurs/carbone/fournisseurs/courriel/",
        supplier_views.letter,
        name="carbon_letter",
    ),
    path(
        "clients/<uuid:client_id>/indicateurs/carbone/fournisseurs/reconnaitre/",
        supplier_views.recognise,
        name="carbon_suppliers_recognise",
    ),
    path(
        "clients/<uuid:client_id>/indicateurs/carbone/fournisseurs/annuler/",
        supplier_views.undo_decision,
        name="carbon_suppliers_undo",
    ),
    path("clients/<uuid:client_id>/indicateurs/carbone/regles/", rule_views.rules, name="carbon_rules"),
    path("clients/<uuid:client_id>/indicateurs/carbone/regles/nouvelle/", rule_views.rule, name="carbon_rule"),
    path(
        "clients/<uuid:client_id>/indicateurs/carbone/regles/<uuid:rule_id>/retirer/",
        rule_views.withdraw,
        name="carbon_rule_withdraw",
    ),
    path(
        "clients/<uuid:client_id>/indicateurs/carbone/regles/<uuid:rule_id>/remettre/",
        rule_views.restore,
        name="carbon_rule_restore",
    ),
    path("clients/<uuid:client_id>/indicateurs/carbone/quantites/", views.quantities, name="carbon_quantities"),
    path(
        "clients/<uuid:client_id>/indicateurs/carbone/quantites/<uuid:quantity_id>/retirer/",
        views.withdraw_quantity,
        name="carbon_quantity_withdraw",
    ),
    path(
        "clients/<uuid:client_id>/indicateurs/carbone/quantites/<uuid:quantity_id>/justificatif/",
        views.quantity_proof,
        name="carbon_quantity_proof",
    ),
]
