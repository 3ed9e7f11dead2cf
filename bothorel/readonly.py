"""Reading changes nothing: a GET that writes is a bug, and fails, everywhere and always.

The check is a look at the first word of each statement: cheap enough for production.
"""

import logging
import re
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse

logger = logging.getLogger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
READS = frozenset({"SELECT", "WITH", "EXPLAIN", "VALUES", "PRAGMA", "SHOW", "FETCH"})
# Transactions, savepoints and cursors hold no data; isolation levels are set with SET.
FRAMES = frozenset({"BEGIN", "START", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET", "DECLARE", "CLOSE"})
WRITE_IN_WITH = re.compile(r"\b(?:INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|MERGE\s+INTO)\b", re.IGNORECASE)
# Logging in and out keeps its session; nothing else may be written there either.
SESSION_PATHS = ("/admin/", "/connexion/", "/espace/")
SESSION_TABLE = "django_session"
# The one other exception: OpenID sends people back by a link, hence by a GET, and whoever comes in by it is written
# down. Two columns of an account that exists, and no more: no account is made there.
ARRIVALS = {
    "/connexion/proconnect/retour/": (
        'UPDATE "ministries_agent" SET "last_login" =',
        'UPDATE "ministries_agent" SET "proconnect_sub" =',
    )
}
RETRIED = "_bothorel_retried"

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


class WriteWhileReading(RuntimeError):
    """A statement that writes was run while answering a safe request."""


def writes(sql: str) -> bool:
    """Say whether a statement may change rows."""
    words = sql.split(None, 1)
    first = words[0].upper().strip("(;") if words else ""
    if first == "WITH":
        return WRITE_IN_WITH.search(sql) is not None
    return first not in READS and first not in FRAMES


class ReadOnlyMiddleware:
    """Refuse writes during safe requests, and try these once more when the database stumbled."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in SAFE_METHODS:
            return self.get_response(request)
        session_allowed = request.path_info.startswith(SESSION_PATHS)
        arrival = ARRIVALS.get(request.path_info, ())

        def guard(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
            if writes(sql) and not (session_allowed and SESSION_TABLE in sql) and not sql.startswith(arrival):
                raise WriteWhileReading(f"{request.method} {request.path_info}: {sql[:80]}")
            return execute(sql, params, many, context)

        with connection.execute_wrapper(guard):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer again, once, after a lock or a lost connection; a safe request may be repeated."""
        if request.method not in SAFE_METHODS or not isinstance(exception, OperationalError | InterfaceError):
            return None
        if request.path_info in ARRIVALS:
            # What brings people back serves once.
            return None
        match = request.resolver_match
        if match is None or hasattr(request, RETRIED):
            return None
        setattr(request, RETRIED, True)
        logger.warning("tried again after %s: %s", type(exception).__name__, request.path_info)
        if not connection.in_atomic_block:
            connection.close()
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        return response
