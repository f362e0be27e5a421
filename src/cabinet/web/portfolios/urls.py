"""Portfolios: the list, one of them, its people and its clients."""

from django.urls import path

from cabinet.web.portfolios import views

urlpatterns = [
    path("portefeuilles/", views.portfolio_list, name="portfolio_list"),
    path("portefeuilles/nouveau/", views.create, name="portfolio_create"),
    path("portefeuilles/<uuid:portfolio_id>/", views.portfolio, name="portfolio"),
    path("portefeuilles/<uuid:portfolio_id>/modifier/", views.edit, name="portfolio_edit"),
    path("portefeuilles/<uuid:portfolio_id>/supprimer/", views.delete, name="portfolio_delete"),
    path("portefeuilles/<uuid:portfolio_id>/clients/ajouter/", views.add_client, name="portfolio_add_client"),
    path("portefeuilles/<uuid:portfolio_id>/clients/retirer/", views.remove_client, name="portfolio_remove_client"),
    path("portefeuilles/<uuid:portfolio_id>/collaborateurs/ajouter/", views.add_member, name="portfolio_add_member"),
    path(
        "portefeuilles/<uuid:portfolio_id>/collaborateurs/retirer/", views.remove_member, name="portfolio_remove_member"
    ),
]
