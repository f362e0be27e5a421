from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "cabinet.onboarding"
    label = "onboarding"
    verbose_name = "Nouveau client"
