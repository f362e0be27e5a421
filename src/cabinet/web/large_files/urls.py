"""Large files, piece by piece."""

from django.urls import path

from cabinet.web.large_files import views

urlpatterns = [
    path("", views.begin, name="upload_begin"),
    path("<uuid:upload_id>/", views.upload, name="upload_piece"),
]
