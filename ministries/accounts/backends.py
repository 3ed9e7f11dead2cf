"""How sessions were opened."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from ministries.models import Agent

PROCONNECT = "ministries.accounts.backends.ProConnectBackend"
"""As sessions name it."""


class ProConnectBackend(ModelBackend):
    """The sessions that ProConnect opened: they end with the account, and when ProConnect is no longer configured."""

    def authenticate(self, request: Any, username: Any = None, password: Any = None, **kwargs: Any) -> None:
        """Nobody by a password."""
        return None

    def get_user(self, user_id: Any) -> Agent | None:
        return super().get_user(user_id) if settings.PROCONNECT else None
