from django.apps import AppConfig


class MinistriesConfig(AppConfig):
    name = "ministries"
    default_auto_field = "django.db.models.BigAutoField"
