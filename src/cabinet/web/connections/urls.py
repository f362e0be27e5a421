"""*Connexions API*."""

from django.urls import path

from cabinet.web.connections import views

urlpatterns = [path("connexions/", views.connections, name="connections")]
