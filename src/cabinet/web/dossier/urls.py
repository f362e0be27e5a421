"""The pages of a dossier and of its files."""

from django.urls import path

from cabinet.web.dossier.views import (
    books,
    comparison,
    correction,
    data,
    files,
    indicators,
    journal,
    missions,
    overview,
    printed,
)

urlpatterns = [
    path("clients/<uuid:client_id>/", overview.overview, name="dossier_overview"),
    path("clients/<uuid:client_id>/donnees/", data.data, name="dossier_data"),
    path("clients/<uuid:client_id>/donnees/deposer/", data.upload, name="dossier_upload"),
    path("clients/<uuid:client_id>/indicateurs/", indicators.indicators, name="dossier_indicators"),
    path("clients/<uuid:client_id>/indicateurs/social.csv", indicators.social_csv, name="dossier_social_csv"),
    path("clients/<uuid:client_id>/indicateurs/social.xlsx", indicators.social_xlsx, name="dossier_social_xlsx"),
    path("clients/<uuid:client_id>/indicateurs/<slug:code>/", indicators.figure, name="dossier_figure"),
    path("clients/<uuid:client_id>/missions/", missions.missions, name="dossier_missions"),
    path("clients/<uuid:client_id>/missions/nouvelle/", missions.create, name="mission_create"),
    path("clients/<uuid:client_id>/journal/", journal.journal, name="dossier_journal"),
    path("clients/<uuid:client_id>/controle/", books.audit, name="books_audit"),
    path("clients/<uuid:client_id>/balance/", books.balance, name="books_balance"),
    path("clients/<uuid:client_id>/balance/<slug:kind>/", books.balance_sheet, name="books_balance_sheet"),
    path("clients/<uuid:client_id>/tiers/", books.thirds, name="books_thirds"),
    path("clients/<uuid:client_id>/grand-livre/", books.general_ledger, name="books_ledger"),
    path("clients/<uuid:client_id>/ecritures/<int:index>/", books.entry, name="books_entry"),
    path("missions/<uuid:mission_id>/", missions.edit, name="mission_edit"),
    path("missions/<uuid:mission_id>/supprimer/", missions.delete, name="mission_delete"),
    path("imports/<uuid:import_id>/", files.report, name="import_report"),
    path("imports/<uuid:import_id>/comparaison/", comparison.comparison, name="import_comparison"),
    path("imports/<uuid:import_id>/constats.csv", files.findings_csv, name="import_findings_csv"),
    path("imports/<uuid:import_id>/controle.pdf", printed.check, name="import_check_pdf"),
    path("imports/<uuid:import_id>/description.pdf", printed.description, name="import_description_pdf"),
    path("imports/<uuid:import_id>/correction/", correction.correction, name="import_correction"),
    path("imports/<uuid:import_id>/correction/fichier/", correction.corrected, name="import_corrected"),
    path("imports/<uuid:import_id>/ligne/", files.line, name="import_line"),
    path("imports/<uuid:import_id>/confirmer/", files.confirm, name="import_confirm"),
    path("imports/<uuid:import_id>/accepter/", files.accept, name="import_accept"),
    path("imports/<uuid:import_id>/refuser/", files.refuse, name="import_refuse"),
    path("imports/<uuid:import_id>/supprimer/", files.delete, name="import_delete"),
]
