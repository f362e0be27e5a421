"""*Accueil*."""

from django.urls import path

from cabinet.web.home import views

urlpatterns = [path("", views.home, name="home")]
