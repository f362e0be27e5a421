"""The doors that are open, under the names that allauth reverses. There is no sign-up, and no other page of allauth."""

from allauth.account import views as allauth_views
from allauth.mfa.recovery_codes import views as recovery_views
from django.urls import path, re_path

from cabinet.web.account import security, views
from cabinet.web.account.invitation import invitation
from cabinet.web.account.second_factor import early

urlpatterns = [
    path("connexion/", views.SignInView.as_view(), name="account_login"),
    path("deconnexion/", early(views.SignOutView.as_view()), name="account_logout"),
    path("compte-inactif/", allauth_views.account_inactive, name="account_inactive"),
    path("confirmer/", early(views.ReauthenticateView.as_view()), name="account_reauthenticate"),
    path("mot-de-passe/changer/", early(views.ChangePasswordView.as_view()), name="account_change_password"),
    path("mot-de-passe/oubli/", views.ResetRequestView.as_view(), name="account_reset_password"),
    path("mot-de-passe/oubli/envoye/", allauth_views.password_reset_done, name="account_reset_password_done"),
    path("securite/", early(security.SecurityView.as_view()), name="mfa_index"),
    path("securite/codes/", early(security.ActivateCodesView.as_view()), name="mfa_activate_totp"),
    path("securite/codes/retirer/", security.DeactivateCodesView.as_view(), name="mfa_deactivate_totp"),
    path("securite/cles/ajouter/", early(security.AddKeyView.as_view()), name="mfa_add_webauthn"),
    path("securite/cles/<int:pk>/retirer/", security.RemoveKeyView.as_view(), name="mfa_remove_webauthn"),
    path("securite/secours/", early(recovery_views.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("securite/secours/renouveler/", security.NewCodesView.as_view(), name="mfa_generate_recovery_codes"),
    path("securite/secours/telecharger/", security.DownloadCodesView.as_view(), name="mfa_download_recovery_codes"),
    path("sessions/", security.session_list, name="session_list"),
    path("sessions/<int:session_id>/fermer/", security.session_end, name="session_end"),
    path("sessions/autres/fermer/", security.session_end_others, name="session_end_others"),
    path("connexion/code/", security.AuthenticateView.as_view(), name="mfa_authenticate"),
    path("connexion/cle/", security.KeySignInView.as_view(), name="mfa_login_webauthn"),
    path("confirmer/code/", early(security.CodeReauthenticateView.as_view()), name="mfa_reauthenticate"),
    path("confirmer/cle/", early(security.KeyReauthenticateView.as_view()), name="mfa_reauthenticate_webauthn"),
    path("bienvenue/<str:secret>/", invitation, name="invitation"),
    re_path(
        r"^mot-de-passe/choisir/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.ChoosePasswordView.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/choisi/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
