"""How sessions were opened, and what the lock of passwords counts."""

from __future__ import annotations

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
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


class PasswordLock(AxesDatabaseHandler):
    """The right password forgets the wrong ones before it; who typed none says nothing of who tries them."""

    def user_logged_in(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        if request.session.get(BACKEND_SESSION_KEY) != PROCONNECT:
            super().user_logged_in(sender, request, user, **kwargs)
