"""The pictures kept in ``docs/screens``, by route; ``test_screens.py`` compares them with the permission table."""

SCREENS: dict[str, tuple[str, ...]] = {
    "account_change_password": ("account_change_password",),
    "account_inactive": ("account_inactive",),
    "account_login": (
        "account_login",
        "account_login-refuse",
    ),
    "account_logout": ("account_logout",),
    "account_reauthenticate": ("account_reauthenticate",),
    "account_reset_password": ("account_reset_password",),
    "account_reset_password_done": ("account_reset_password_done",),
    "account_reset_password_from_key": ("account_reset_password_from_key",),
    "account_reset_password_from_key_done": ("account_reset_password_from_key_done",),
    "books_audit": (
        "books_audit",
        "books_audit-chronologie",
        "books_audit-mois",
        "books_audit-numeros",
        "books_audit-vide",
    ),
    "books_balance": ("books_balance",),
    "books_entry": ("books_entry",),
    "books_ledger": (
        "books_ledger",
        "books_ledger-recherche",
    ),
    "books_thirds": ("books_thirds",),
    "client_delete": ("client_delete",),
    "client_edit": (
        "client_edit",
        "client_edit-registre",
    ),
    "client_list": (
        "client_list",
        "client_list-filtree",
        "client_list-rien",
        "client_list-vide",
    ),
    "collaborator": (
        "collaborator",
        "collaborator-invite",
    ),
    "collaborator_create": (
        "collaborator_create",
        "collaborator_create-refuse",
    ),
    "collaborator_deactivate": ("collaborator_deactivate",),
    "collaborator_delete": ("collaborator_delete",),
    "collaborator_edit": ("collaborator_edit",),
    "collaborator_list": (
        "collaborator_list",
        "collaborator_list-rien",
    ),
    "connections": ("connections",),
    "dossier_data": (
        "dossier_data",
        "dossier_data-a-verifier",
        "dossier_data-vide",
    ),
    "dossier_figure": ("dossier_figure",),
    "dossier_indicators": (
        "dossier_indicators",
        "dossier_indicators-social",
        "dossier_indicators-vide",
    ),
    "dossier_journal": ("dossier_journal",),
    "dossier_missions": ("dossier_missions",),
    "dossier_overview": (
        "dossier_overview",
        "dossier_overview-a-verifier",
        "dossier_overview-agricole",
        "dossier_overview-desactive",
        "dossier_overview-vide",
    ),
    "gallery": ("gallery",),
    "gallery_drawer": ("gallery_drawer",),
    "firm_settings": (
        "firm_settings",
        "firm_settings-refuse",
    ),
    "group": ("group",),
    "group_create": ("group_create",),
    "group_delete": ("group_delete",),
    "group_edit": ("group_edit",),
    "group_list": ("group_list",),
    "home": (
        "home",
        "home-vide",
    ),
    "import_comparison": ("import_comparison",),
    "import_delete": ("import_delete",),
    "import_report": (
        "import_report",
        "import_report-dsn",
    ),
    "journal": ("journal",),
    "mfa_index": (
        "mfa_index",
        "mfa_index-demande",
    ),
    "mission_create": ("mission_create",),
    "mission_edit": ("mission_edit",),
    "portfolio": ("portfolio",),
    "portfolio_create": ("portfolio_create",),
    "portfolio_delete": ("portfolio_delete",),
    "portfolio_edit": ("portfolio_edit",),
    "portfolio_list": (
        "portfolio_list",
        "portfolio_list-vide",
    ),
    "session_list": ("session_list",),
    "vsme": ("vsme",),
    "vsme_point": ("vsme_point",),
    "wizard_company": (
        "wizard_company",
        "wizard_company-cle",
        "wizard_company-corrige",
        "wizard_company-ferme",
        "wizard_company-inconnu",
        "wizard_company-masque",
        "wizard_company-siren",
        "wizard_company-suivi",
    ),
    "wizard_data": (
        "wizard_data",
        "wizard_data-dates",
        "wizard_data-fichiers",
    ),
    "wizard_discard": ("wizard_discard",),
    "wizard_organisation": (
        "wizard_organisation",
        "wizard_organisation-bloque",
    ),
    "wizard_summary": ("wizard_summary",),
}
"""Route → names of its pictures, one for each state worth looking at; each exists at both widths."""

FRAGMENTS = (
    "books_balance_sheet",
    "dossier_social_csv",
    "dossier_social_xlsx",
    "import_check_pdf",
    "import_description_pdf",
    "import_findings_csv",
    "vsme_xlsx",
    "import_line",
    "wizard_files",
)
"""Routes that answer a part of a page or a file."""

NOWHERE = (
    "error-404",
    "invitation",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_view_recovery_codes",
    "invitation-perimee",
    "wizard_replace_file",
)
"""Pictures of pages that the table gives no 200."""
