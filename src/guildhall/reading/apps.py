from django.apps import AppConfig


class ReadingConfig(AppConfig):
    name = "guildhall.reading"
    label = "reading"
