from django.urls import path

from cabinet.web.wizard.views import company, data, drafts, files, organisation, summary, tools

FILE = "<uuid:draft_id>/donnees/fichiers/<uuid:import_id>/"

urlpatterns = [
    path("", company.start, name="wizard_start"),
    path("<uuid:draft_id>/", drafts.resume, name="wizard_resume"),
    path("<uuid:draft_id>/supprimer/", drafts.discard_draft, name="wizard_discard"),
    path("<uuid:draft_id>/entreprise/", company.company, name="wizard_company"),
    path("<uuid:draft_id>/entreprise/verifier/", company.check, name="wizard_check"),
    path("<uuid:draft_id>/entreprise/garder/", company.keep_company_draft, name="wizard_keep_company"),
    path("<uuid:draft_id>/organisation/", organisation.organisation, name="wizard_organisation"),
    path("<uuid:draft_id>/organisation/garder/", organisation.keep_organisation_draft, name="wizard_keep_organisation"),
    path("<uuid:draft_id>/donnees/", data.data, name="wizard_data"),
    path("<uuid:draft_id>/donnees/garder/", data.keep_dates, name="wizard_keep_dates"),
    path("<uuid:draft_id>/donnees/fichiers/", files.files, name="wizard_files"),
    path("<uuid:draft_id>/donnees/outils/", tools.state, name="wizard_tools"),
    path("<uuid:draft_id>/donnees/outils/exercices/", tools.years, name="wizard_tools_years"),
    path("<uuid:draft_id>/donnees/outils/importer/", tools.pull, name="wizard_tools_pull"),
    path(f"{FILE}retirer/", files.remove, name="wizard_remove_file"),
    path(f"{FILE}remplacer/", files.replace_file, name="wizard_replace_file"),
    path(f"{FILE}confirmer/", files.confirm_company, name="wizard_confirm_file"),
    path(f"{FILE}dates/", files.take_dates, name="wizard_take_dates"),
    path("<uuid:draft_id>/recapitulatif/", summary.summary, name="wizard_summary"),
]
