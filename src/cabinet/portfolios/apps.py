from django.apps import AppConfig


class PortfoliosConfig(AppConfig):
    name = "cabinet.portfolios"
    label = "portfolios"
    verbose_name = "Portefeuilles"
