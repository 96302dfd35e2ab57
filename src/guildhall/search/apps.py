from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "guildhall.search"
    label = "search"
