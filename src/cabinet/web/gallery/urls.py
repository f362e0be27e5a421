from django.urls import path

from cabinet.web.gallery import views

urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("tiroir/", views.drawer, name="gallery_drawer"),
    path("fichiers/", views.upload, name="gallery_upload"),
]
