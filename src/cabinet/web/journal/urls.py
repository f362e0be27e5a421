"""The journal of the firm."""

from django.urls import path

from cabinet.web.journal import views

urlpatterns = [
    path("journal/", views.journal, name="journal"),
    path("journal/exporter/<str:kind>/", views.export, name="journal_export"),
]
