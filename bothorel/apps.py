from django.apps import AppConfig


class BothorelConfig(AppConfig):
    """Hold the commands that run the product."""

    name = "bothorel"
    verbose_name = "Bothorel"

    def ready(self) -> None:
        """Before the first word is translated."""
        from bothorel.catalogue import compile_once

        compile_once()
