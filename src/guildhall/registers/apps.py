from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "guildhall.registers"
    label = "registers"
