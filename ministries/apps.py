from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MinistriesConfig(AppConfig):
    name = "ministries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from commitments.telling import seen
        from ministries import recounting

        seen.connect(recounting.on_seen, dispatch_uid="recounting")
        # A version of the site that counts otherwise counts again everything that is there.
        post_migrate.connect(recounting.on_migrated, sender=self, dispatch_uid="recounting")
