from django.apps import AppConfig
from django.urls import register_converter

from commitments.addresses import Reference, Titled


class CommitmentsConfig(AppConfig):
    name = "commitments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_converter(Reference, "reference")
        register_converter(Titled, "titled")
