"""The VSME table of a dossier. Before the figures, whose address would take « vsme » for a code."""

from django.urls import path

from cabinet.web.vsme import views

urlpatterns = [
    path("clients/<uuid:client_id>/diagnostic.pdf", views.diagnostic, name="diagnostic_pdf"),
    path("clients/<uuid:client_id>/indicateurs/vsme/", views.table, name="vsme"),
    path("clients/<uuid:client_id>/indicateurs/vsme/export.xlsx", views.sheet, name="vsme_xlsx"),
    path("clients/<uuid:client_id>/indicateurs/vsme/<slug:concept>/", views.point, name="vsme_point"),
    path(
        "clients/<uuid:client_id>/indicateurs/vsme/<slug:concept>/retirer/", views.withdraw_answer, name="vsme_withdraw"
    ),
    path(
        "clients/<uuid:client_id>/indicateurs/vsme/<slug:concept>/justificatif/", views.answer_proof, name="vsme_proof"
    ),
]
