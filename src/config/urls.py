"""The doors of the product."""

from django.urls import include, path

urlpatterns = [
    path("", include("cabinet.web.urls")),
]

handler400 = "cabinet.web.errors.bad_request"
handler403 = "cabinet.web.errors.forbidden"
handler404 = "cabinet.web.errors.not_found"
handler429 = "cabinet.web.errors.too_many"
handler500 = "cabinet.web.errors.server_error"
