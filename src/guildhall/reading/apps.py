from django.apps import AppConfig

from guildhall.kit import slots


class ReadingConfig(AppConfig):
    name = "guildhall.reading"
    label = "reading"

    def ready(self) -> None:
        from guildhall.reading.notice import restored_notice  # noqa: PLC0415 - after the models are there

        slots.register("notice", restored_notice)
