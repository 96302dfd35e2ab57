from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "guildhall.publishing"
    label = "publishing"
