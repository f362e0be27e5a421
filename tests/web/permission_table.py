"""Who may open what: one line for each route and method. ``test_permissions.py`` runs it.

To add a route, add its lines. A line is the route's name, the method, and eight answers in the order of ``PEOPLE``:

- ``login``   sent to the sign-in page;
- ``404``     out of reach: another firm's object, or one that the person has no way to;
- ``403``     within reach, and the permission is missing;
- ``200``, ``302``, ``422``…  what the view answers to who may use it (a form sent empty is refused with 422 or 200).

The people are those of ``tests.cabinet.people``; ``reader`` shares the portfolio and holds no permission at all.
Arguments of the address come from ``world`` of the test by their name: the client of ``people``, its portfolio, one
of its imports, its mission, a draft that ``inside`` owns (with no file: its file routes lead back to the step), a
filter that they keep, and a list of clients that ``administrator`` dropped.
What a line needs to send is in ``SENT``, by route. A route that does several things has a line for each in ``ACTIONS``.
"""

GET, POST, PATCH, DELETE = "get", "post", "patch", "delete"

PEOPLE = ("anonymous", "stranger", "outside", "inside", "reader", "manager", "expert", "administrator")

type Line = tuple[str, str, str]

#                        anonymous stranger outside inside reader manager expert administrator
HOME: tuple[Line, ...] = (
    ("home", GET, "login 200 200 200 200 200 200 200"),
    ("journal", GET, "login 200 403 403 403 403 403 200"),
    ("journal_export", POST, "login 200 403 403 403 403 403 200"),
    ("connections", GET, "login 200 403 403 403 403 403 200"),
    ("connection_create", GET, "login 200 403 403 403 403 403 200"),
    ("connection_create", POST, "login 422 403 403 403 403 403 422"),
    ("connection", GET, "login 404 403 403 403 403 403 200"),
    ("connection_edit", GET, "login 404 403 403 403 403 403 200"),
    ("connection_edit", POST, "login 404 403 403 403 403 403 422"),
    ("connection_check", POST, "login 404 403 403 403 403 403 302"),
    ("connection_invite", POST, "login 404 403 403 403 403 403 404"),
    ("connection_switch", POST, "login 404 403 403 403 403 403 302"),
    ("connection_delete", GET, "login 404 403 403 403 403 403 200"),
    ("connection_delete", POST, "login 404 403 403 403 403 403 422"),
    ("connection_link", POST, "login 404 403 403 403 403 403 302"),
)

CLIENTS: tuple[Line, ...] = (
    ("client_list", GET, "login 200 200 200 200 200 200 200"),
    ("client_export", POST, "login 200 200 200 200 200 200 200"),
    ("client_act", POST, "login 302 403 403 403 403 403 200"),
    ("client_filters", GET, "login 200 200 200 200 200 200 200"),
    ("client_filters", POST, "login 422 422 422 422 422 422 422"),
    ("client_filter_rename", POST, "login 404 404 422 404 404 404 404"),
    ("client_filter_delete", POST, "login 404 404 302 404 404 404 404"),
    ("client_sheets", GET, "login 200 403 403 403 403 403 200"),
    ("client_sheets", POST, "login 422 403 403 403 403 403 422"),
    ("client_sheet_model", GET, "login 200 403 403 403 403 403 200"),
    ("client_sheet", GET, "login 404 404 404 404 404 404 200"),
    ("client_sheet_choose", POST, "login 404 404 404 404 404 404 302"),
    ("client_sheet_start", POST, "login 404 404 404 404 404 404 302"),
    ("client_sheet_result", GET, "login 404 404 404 404 404 404 200"),
    ("client_sheet_delete", POST, "login 404 404 404 404 404 404 302"),
    ("client_edit", GET, "login 404 404 200 403 200 200 200"),
    ("client_edit", POST, "login 404 404 422 403 422 422 422"),
    ("client_deactivate", POST, "login 404 404 403 403 403 403 302"),
    ("client_reactivate", POST, "login 404 404 403 403 403 403 302"),
    ("client_delete", GET, "login 404 404 403 403 403 403 200"),
    ("client_delete", POST, "login 404 404 403 403 403 403 422"),
)

PORTFOLIOS: tuple[Line, ...] = (
    ("portfolio_list", GET, "login 200 200 200 200 200 200 200"),
    ("portfolio_create", GET, "login 200 403 403 403 403 403 200"),
    ("portfolio_create", POST, "login 422 403 403 403 403 403 422"),
    ("portfolio", GET, "login 404 404 200 200 404 200 200"),
    ("portfolio_edit", GET, "login 404 404 403 403 404 403 200"),
    ("portfolio_edit", POST, "login 404 404 403 403 404 403 422"),
    ("portfolio_delete", GET, "login 404 404 403 403 404 403 200"),
    ("portfolio_delete", POST, "login 404 404 403 403 404 403 422"),
    ("portfolio_add_client", POST, "login 404 404 403 403 404 403 302"),
    ("portfolio_remove_client", POST, "login 404 404 403 403 404 403 302"),
    ("portfolio_add_member", POST, "login 404 404 403 403 404 403 302"),
    ("portfolio_remove_member", POST, "login 404 404 403 403 404 403 302"),
)

COLLABORATORS: tuple[Line, ...] = (
    ("collaborator_list", GET, "login 200 403 403 403 403 403 200"),
    ("collaborator_create", GET, "login 200 403 403 403 403 403 200"),
    ("collaborator_create", POST, "login 422 403 403 403 403 403 422"),
    ("collaborator", GET, "login 404 403 403 403 403 403 200"),
    ("collaborator_edit", GET, "login 404 403 403 403 403 403 200"),
    ("collaborator_edit", POST, "login 404 403 403 403 403 403 422"),
    ("collaborator_invite", POST, "login 404 403 403 403 403 403 302"),
    ("collaborator_revoke", POST, "login 404 403 403 403 403 403 302"),
    ("collaborator_forget_factor", POST, "login 404 403 403 403 403 403 302"),
    ("collaborator_deactivate", GET, "login 404 403 403 403 403 403 200"),
    ("collaborator_deactivate", POST, "login 404 403 403 403 403 403 302"),
    ("collaborator_reactivate", POST, "login 404 403 403 403 403 403 302"),
    ("collaborator_delete", GET, "login 404 403 403 403 403 403 200"),
    ("collaborator_delete", POST, "login 404 403 403 403 403 403 422"),
)

GROUPS: tuple[Line, ...] = (
    ("group_list", GET, "login 200 403 403 403 403 403 200"),
    ("group_create", GET, "login 200 403 403 403 403 403 200"),
    ("group_create", POST, "login 422 403 403 403 403 403 422"),
    ("group", GET, "login 404 403 403 403 403 403 200"),
    ("group_edit", GET, "login 404 403 403 403 403 403 200"),
    ("group_edit", POST, "login 404 403 403 403 403 403 422"),
    ("group_delete", GET, "login 404 403 403 403 403 403 200"),
    ("group_delete", POST, "login 404 403 403 403 403 403 422"),
)

DOSSIER: tuple[Line, ...] = (
    ("dossier_overview", GET, "login 404 404 200 403 200 200 200"),
    ("dossier_data", GET, "login 404 404 200 403 200 200 200"),
    ("dossier_upload", POST, "login 404 404 302 403 302 302 302"),
    ("dossier_tools", GET, "login 404 404 200 403 200 200 200"),
    ("dossier_tools_years", POST, "login 404 404 302 403 302 302 302"),
    ("dossier_tools_pull", POST, "login 404 404 302 403 302 302 302"),
    ("dossier_tools_nightly", POST, "login 404 404 302 403 302 302 302"),
    ("dossier_indicators", GET, "login 404 404 200 403 200 200 200"),
    ("dossier_figure", GET, "login 404 404 200 403 200 200 200"),
    ("dossier_comments", GET, "login 404 404 200 403 200 200 200"),
    ("dossier_comments", POST, "login 404 404 404 403 404 404 404"),
    ("dossier_comments_resolve", POST, "login 404 404 302 403 302 302 302"),
    ("dossier_comment_delete", POST, "login 404 404 302 403 403 403 403"),
    ("dossier_figure_value", GET, "login 404 404 200 403 200 200 200"),
    ("dossier_figure_value", POST, "login 404 404 422 403 422 422 422"),
    ("dossier_figure_restore", POST, "login 404 404 302 403 302 302 302"),
    ("dossier_figure_proof", GET, "login 404 404 404 403 404 404 404"),
    ("books_audit", GET, "login 404 404 200 403 200 200 200"),
    ("books_balance", GET, "login 404 404 200 403 200 200 200"),
    ("books_balance_sheet", GET, "login 404 404 200 403 200 200 200"),
    ("books_thirds", GET, "login 404 404 200 403 200 200 200"),
    ("books_ledger", GET, "login 404 404 200 403 200 200 200"),
    ("books_entry", GET, "login 404 404 200 403 200 200 200"),
    ("dossier_economic_xlsx", GET, "login 404 404 404 403 404 404 404"),
    ("carbon_xlsx", GET, "login 404 404 404 403 404 404 404"),
    ("dossier_social_csv", GET, "login 404 404 200 403 200 200 200"),
    ("dossier_social_xlsx", GET, "login 404 404 200 403 200 200 200"),
    ("carbon", GET, "login 404 404 200 403 200 200 200"),
    ("carbon_detail", GET, "login 404 404 200 403 200 200 200"),
    ("carbon_factors", GET, "login 404 404 200 403 200 200 200"),
    ("carbon_factors", POST, "login 404 404 302 403 302 302 302"),
    ("carbon_letter", GET, "login 404 404 404 403 404 404 404"),
    ("carbon_quantities", GET, "login 404 404 200 403 200 200 200"),
    ("carbon_quantities", POST, "login 404 404 422 403 422 422 422"),
    ("carbon_quantity_proof", GET, "login 404 404 404 403 404 404 404"),
    ("carbon_quantity_withdraw", POST, "login 404 404 302 403 302 302 302"),
    ("carbon_rule", GET, "login 404 404 200 403 200 200 200"),
    ("carbon_rule", POST, "login 404 404 200 403 200 200 200"),
    ("carbon_rule_restore", POST, "login 404 404 302 403 302 302 302"),
    ("carbon_rule_withdraw", POST, "login 404 404 302 403 302 302 302"),
    ("carbon_rules", GET, "login 404 404 200 403 200 200 200"),
    ("carbon_suppliers", GET, "login 404 404 200 403 200 200 200"),
    ("carbon_suppliers", POST, "login 404 404 302 403 302 302 302"),
    ("carbon_suppliers_recognise", POST, "login 404 404 302 403 302 302 302"),
    ("carbon_suppliers_undo", POST, "login 404 404 302 403 302 302 302"),
    ("carbon_trace", GET, "login 404 404 404 403 404 404 404"),
    ("vsme", GET, "login 404 404 200 403 200 200 200"),
    ("diagnostic_pdf", GET, "login 404 404 200 403 200 200 200"),
    ("vsme_xlsx", GET, "login 404 404 200 403 200 200 200"),
    ("vsme_point", GET, "login 404 404 200 403 200 200 200"),
    ("vsme_point", POST, "login 404 404 422 403 422 422 422"),
    ("vsme_proof", GET, "login 404 404 404 403 404 404 404"),
    ("vsme_withdraw", POST, "login 404 404 302 403 302 302 302"),
    ("dossier_missions", GET, "login 404 404 200 403 200 200 200"),
    ("dossier_journal", GET, "login 404 404 200 403 200 200 200"),
    ("mission_create", GET, "login 404 404 200 403 200 200 200"),
    ("mission_create", POST, "login 404 404 200 403 200 200 200"),
    ("mission_edit", GET, "login 404 404 200 403 200 200 200"),
    ("mission_edit", POST, "login 404 404 200 403 200 200 200"),
    ("mission_delete", POST, "login 404 404 302 403 302 302 302"),
)

IMPORTS: tuple[Line, ...] = (
    ("import_report", GET, "login 404 404 200 403 200 200 200"),
    ("import_comparison", GET, "login 404 404 200 403 200 200 200"),
    ("import_findings_csv", GET, "login 404 404 200 403 200 200 200"),
    ("import_places", GET, "login 404 404 404 403 404 404 404"),
    ("import_check_pdf", GET, "login 404 404 200 403 200 200 200"),
    ("import_description_pdf", GET, "login 404 404 200 403 200 200 200"),
    ("import_correction", GET, "login 404 404 200 403 200 200 200"),
    ("import_corrected", GET, "login 404 404 404 403 404 404 404"),
    ("import_line", GET, "login 404 404 200 403 200 200 200"),
    ("import_confirm", POST, "login 404 404 302 403 302 302 302"),
    ("import_accept", POST, "login 404 404 302 403 302 302 302"),
    ("import_refuse", POST, "login 404 404 302 403 302 302 302"),
    ("import_delete", GET, "login 404 404 403 403 403 200 200"),
    ("import_delete", POST, "login 404 404 403 403 403 302 302"),
)

WIZARD: tuple[Line, ...] = (
    ("wizard_start", GET, "login 302 302 302 403 302 302 302"),
    ("wizard_resume", GET, "login 404 404 302 403 404 404 404"),
    ("wizard_discard", GET, "login 404 404 200 403 404 404 404"),
    ("wizard_discard", POST, "login 404 404 302 403 404 404 404"),
    ("wizard_company", GET, "login 404 404 200 403 404 404 404"),
    ("wizard_company", POST, "login 404 404 302 403 404 404 404"),
    ("wizard_check", POST, "login 404 404 200 403 404 404 404"),
    ("wizard_keep_company", POST, "login 404 404 200 403 404 404 404"),
    ("wizard_organisation", GET, "login 404 404 200 403 404 404 404"),
    ("wizard_organisation", POST, "login 404 404 422 403 404 404 404"),
    ("wizard_keep_organisation", POST, "login 404 404 200 403 404 404 404"),
    ("wizard_data", GET, "login 404 404 200 403 404 404 404"),
    ("wizard_data", POST, "login 404 404 302 403 404 404 404"),
    ("wizard_keep_dates", POST, "login 404 404 200 403 404 404 404"),
    ("wizard_files", GET, "login 404 404 200 403 404 404 404"),
    ("wizard_files", POST, "login 404 404 200 403 404 404 404"),
    ("wizard_tools", GET, "login 404 404 200 403 404 404 404"),
    ("wizard_tools_years", POST, "login 404 404 302 403 404 404 404"),
    ("wizard_tools_pull", POST, "login 404 404 302 403 404 404 404"),
    ("wizard_remove_file", POST, "login 404 404 302 403 404 404 404"),
    ("wizard_replace_file", GET, "login 404 404 302 403 404 404 404"),
    ("wizard_replace_file", POST, "login 404 404 302 403 404 404 404"),
    ("wizard_confirm_file", POST, "login 404 404 302 403 404 404 404"),
    ("wizard_take_dates", POST, "login 404 404 302 403 404 404 404"),
    ("wizard_summary", GET, "login 404 404 200 403 404 404 404"),
    ("wizard_summary", POST, "login 404 404 302 403 404 404 404"),
)

LARGE_FILES: tuple[Line, ...] = (
    ("upload_begin", POST, "login 400 400 400 403 400 400 400"),
    ("upload_piece", GET, "login 404 404 200 403 404 404 404"),
    ("upload_piece", PATCH, "login 404 404 400 403 404 404 404"),
    ("upload_piece", DELETE, "login 404 404 204 403 404 404 404"),
)

# allauth answers a form sent empty with 200; signing out leads everybody to the sign-in page.
MACHINES: tuple[Line, ...] = (
    ("health_live", GET, "200 200 200 200 200 200 200 200"),
    ("health_ready", GET, "200 200 200 200 200 200 200 200"),
    ("metrics", GET, "404 404 404 404 404 404 404 404"),
)

ACCOUNT: tuple[Line, ...] = (
    ("account_login", GET, "200 302 302 302 302 302 302 302"),
    ("account_login", POST, "200 302 302 302 302 302 302 302"),
    ("account_logout", GET, "login 200 200 200 200 200 200 200"),
    ("account_logout", POST, "login login login login login login login login"),
    ("account_inactive", GET, "200 200 200 200 200 200 200 200"),
    ("account_reauthenticate", GET, "login 200 200 200 200 200 200 200"),
    ("account_reauthenticate", POST, "login 200 200 200 200 200 200 200"),
    ("account_change_password", GET, "login 200 200 200 200 200 200 200"),
    ("account_change_password", POST, "login 200 200 200 200 200 200 200"),
    ("account_reset_password", GET, "200 200 200 200 200 200 200 200"),
    ("account_reset_password", POST, "200 200 200 200 200 200 200 200"),
    ("account_reset_password_done", GET, "200 200 200 200 200 200 200 200"),
    ("account_reset_password_from_key", GET, "200 200 200 200 200 200 200 200"),
    ("account_reset_password_from_key", POST, "200 200 200 200 200 200 200 200"),
    ("invitation", GET, "410 410 410 410 410 410 410 410"),
    ("invitation", POST, "410 410 410 410 410 410 410 410"),
    ("account_reset_password_from_key_done", GET, "200 200 200 200 200 200 200 200"),
)

FIRM_SETTINGS: tuple[Line, ...] = (
    ("firm_settings", GET, "login 200 403 403 403 403 403 200"),
    ("firm_settings", POST, "login 422 403 403 403 403 403 422"),
    ("firm_logo", GET, "login 404 403 403 403 403 403 404"),
    ("firm_logo_remove", POST, "login 302 403 403 403 403 403 302"),
    ("firm_factors", GET, "login 200 403 403 403 403 403 200"),
    ("firm_factors", POST, "login 302 403 403 403 403 403 302"),
)

# Nobody here has a second factor. What changes one asks for the password again, and so leads elsewhere.
SECURITY: tuple[Line, ...] = (
    ("mfa_index", GET, "login 200 200 200 200 200 200 200"),
    ("mfa_activate_totp", GET, "login 302 302 302 302 302 302 302"),
    ("mfa_activate_totp", POST, "login 302 302 302 302 302 302 302"),
    ("mfa_deactivate_totp", GET, "login 404 404 404 404 404 404 404"),
    ("mfa_deactivate_totp", POST, "login 404 404 404 404 404 404 404"),
    ("mfa_add_webauthn", GET, "login 302 302 302 302 302 302 302"),
    ("mfa_add_webauthn", POST, "login 302 302 302 302 302 302 302"),
    ("mfa_remove_webauthn", GET, "login 302 302 302 302 302 302 302"),
    ("mfa_remove_webauthn", POST, "login 302 302 302 302 302 302 302"),
    ("mfa_view_recovery_codes", GET, "login 404 404 404 404 404 404 404"),
    ("mfa_generate_recovery_codes", GET, "login 302 302 302 302 302 302 302"),
    ("mfa_generate_recovery_codes", POST, "login 302 302 302 302 302 302 302"),
    ("mfa_download_recovery_codes", GET, "login 404 404 404 404 404 404 404"),
    ("mfa_authenticate", GET, "login 302 302 302 302 302 302 302"),
    ("mfa_authenticate", POST, "login 302 302 302 302 302 302 302"),
    ("mfa_login_webauthn", GET, "login 302 302 302 302 302 302 302"),
    ("mfa_login_webauthn", POST, "login 302 302 302 302 302 302 302"),
    ("mfa_reauthenticate", GET, "login 302 302 302 302 302 302 302"),
    ("mfa_reauthenticate", POST, "login 302 302 302 302 302 302 302"),
    ("mfa_reauthenticate_webauthn", GET, "login 302 302 302 302 302 302 302"),
    ("mfa_reauthenticate_webauthn", POST, "login 302 302 302 302 302 302 302"),
    ("session_list", GET, "login 200 200 200 200 200 200 200"),
    ("session_end", POST, "login 404 404 404 404 404 404 404"),
    ("session_end_others", POST, "login 302 302 302 302 302 302 302"),
)

GALLERY: tuple[Line, ...] = (
    ("gallery", GET, "login 200 200 200 200 200 200 200"),
    ("gallery_drawer", GET, "login 200 200 200 200 200 200 200"),
    ("gallery_upload", POST, "login 422 422 422 422 422 422 422"),
)

TABLE: tuple[Line, ...] = (
    HOME
    + CLIENTS
    + PORTFOLIOS
    + COLLABORATORS
    + GROUPS
    + DOSSIER
    + IMPORTS
    + WIZARD
    + LARGE_FILES
    + ACCOUNT
    + MACHINES
    + FIRM_SETTINGS
    + SECURITY
    + GALLERY
)

SENT: dict[str, dict[str, str]] = {
    "dossier_comments_resolve": {"sujet": "topic"},
    "client_act": {"act": "act", "client": "client_id"},
    "client_sheet_choose": {"manager": "manager_id"},
    "portfolio_add_client": {"id": "client_id"},
    "portfolio_remove_client": {"id": "client_id"},
    "portfolio_add_member": {"id": "person_id"},
    "portfolio_remove_member": {"id": "person_id"},
}
"""Route → field of the form → the name in ``world()`` of what it holds."""

type ActionLine = tuple[str, str, dict[str, str], str]

EDIT, SHEET = "login 404 404 {} 403 {} {} {}", "login 404 404 404 404 404 404 302"
MANY = "login 302 302 200 403 200 200 200"
"""Clients chosen out of sight are nobody: back to the list. The others get the page that asks to confirm."""
STEP = "login 404 404 {} 403 404 404 404"

ACTIONS: tuple[ActionLine, ...] = (
    ("client_act", "join", {"act": "join"}, MANY),
    ("client_act", "leave", {"act": "leave"}, MANY),
    ("client_act", "hand_over", {"act": "hand_over"}, MANY),
    ("client_act", "deactivate", {"act": "deactivate"}, "login 302 403 403 403 403 403 200"),
    ("client_act", "reactivate", {"act": "reactivate"}, "login 302 403 403 403 403 403 200"),
    ("client_edit", "ask", {"action": "ask"}, EDIT.format(*["200"] * 4)),
    ("client_edit", "follow", {"follow": "00001234400016"}, EDIT.format(*["200"] * 4)),
    ("client_edit", "take", {"action": "take"}, EDIT.format(*["200"] * 4)),
    ("client_edit", "dismiss", {"action": "dismiss"}, EDIT.format(*["302"] * 4)),
    ("client_edit", "search", {"chercher": "1"}, EDIT.format(*["200"] * 4)),
    ("client_sheet_choose", "all", {"action": "all"}, SHEET),
    ("client_sheet_choose", "none", {"action": "none"}, SHEET),
    ("client_sheet_choose", "manager", {"action": "manager"}, SHEET),
    ("firm_factors", "all", {"action": "all"}, "login 302 403 403 403 403 403 302"),
    ("firm_factors", "resume", {"action": "resume"}, "login 302 403 403 403 403 403 302"),
    ("portfolio_create", "search", {"chercher": "1"}, "login 200 403 403 403 403 403 200"),
    ("portfolio_edit", "search", {"chercher": "1"}, "login 404 404 403 403 404 403 200"),
    ("collaborator_create", "search", {"chercher": "1"}, "login 200 403 403 403 403 403 200"),
    ("collaborator_edit", "search", {"chercher": "1"}, "login 404 403 403 403 403 403 200"),
    ("collaborator_deactivate", "search", {"chercher": "1"}, "login 404 403 403 403 403 403 200"),
    ("collaborator_delete", "search", {"chercher": "1"}, "login 404 403 403 403 403 403 200"),
    ("wizard_company", "ask", {"ask": "1"}, STEP.format("302")),
    ("wizard_organisation", "previous", {"go": "previous"}, STEP.format("302")),
    ("wizard_organisation", "search", {"chercher": "1"}, STEP.format("200")),
    ("wizard_data", "previous", {"go": "previous"}, STEP.format("302")),
    ("wizard_data", "skip", {"go": "skip"}, STEP.format("302")),
    ("wizard_summary", "previous", {"go": "previous"}, STEP.format("302")),
)
"""Route, what it does, what asks for that, the answers in the order of ``PEOPLE``."""
