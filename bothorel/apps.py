from django.apps import AppConfig


class BothorelConfig(AppConfig):
    """Hold the commands that run the product."""

    name = "bothorel"
    verbose_name = "Bothorel"
