from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "guildhall.accounts"
    label = "accounts"
