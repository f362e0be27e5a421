"""The doors that are open, under the names that allauth reverses. There is no sign-up, and no other page of allauth."""

from allauth.account import views as allauth_views
from django.urls import path, re_path

from cabinet.web.account import views
from cabinet.web.account.invitation import invitation

urlpatterns = [
    path("connexion/", views.SignInView.as_view(), name="account_login"),
    path("deconnexion/", views.SignOutView.as_view(), name="account_logout"),
    path("compte-inactif/", allauth_views.account_inactive, name="account_inactive"),
    path("confirmer/", views.ReauthenticateView.as_view(), name="account_reauthenticate"),
    path("mot-de-passe/changer/", views.ChangePasswordView.as_view(), name="account_change_password"),
    path("mot-de-passe/oubli/", views.ResetRequestView.as_view(), name="account_reset_password"),
    path("mot-de-passe/oubli/envoye/", allauth_views.password_reset_done, name="account_reset_password_done"),
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
