"""Wiring: settings, addresses, the queue, the servers. No rule lives here."""

from bothorel.celery import app as celery_app

__all__ = ["celery_app"]
