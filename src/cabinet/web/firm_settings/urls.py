"""Paramètres of the firm."""

from django.urls import path

from cabinet.web.firm_settings import views

urlpatterns = [
    path("parametres/", views.settings_page, name="firm_settings"),
    path("parametres/logo/", views.logo, name="firm_logo"),
    path("parametres/logo/retirer/", views.logo_remove, name="firm_logo_remove"),
    path("parametres/facteurs/", views.factors, name="firm_factors"),
]
