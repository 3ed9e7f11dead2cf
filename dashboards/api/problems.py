"""Errors of the API: always ``application/problem+json`` (RFC 9457), in French, whatever the format asked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse
from rest_framework import exceptions

from dashboards.asking import NotUnderstood, Wrong

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: "Demande non comprise",
    403: "Accès refusé",
    404: "Introuvable",
    405: "Méthode refusée",
    406: "Format non servi",
    429: "Trop de demandes",
}


def problem(status: int, detail: str, *, wrongs: Sequence[Wrong] = ()) -> HttpResponse:
    """One error. ``wrongs`` names each parameter that was not understood, its value and what is allowed."""
    body: dict[str, Any] = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail}
    if wrongs:
        body["errors"] = [{"parameter": w.parameter, "value": w.value, "expected": w.expected} for w in wrongs]
    response = HttpResponse(orjson.dumps(body), status=status, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = "fr"
    return response


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's exception handler. What nobody expected stays an exception: it is logged and answered elsewhere."""
    match error:
        case NotUnderstood():
            return problem(400, str(error), wrongs=error.wrongs)
        case Http404() | exceptions.NotFound():
            said = str(error.args[0]) if isinstance(error, Http404) and error.args else "Rien à cette adresse."
            return problem(404, said)
        case exceptions.MethodNotAllowed():
            method = context["request"].method
            return problem(405, f"La méthode {method} n'est pas servie : cette API se lit, par GET ou HEAD.")
        case exceptions.NotAcceptable():
            served = ", ".join(r.media_type for r in context["view"].renderer_classes)
            return problem(406, f"Aucun des formats demandés (Accept) n'est servi ici ; formats servis : {served}.")
        case exceptions.Throttled():
            seconds = math.ceil(getattr(error, "wait", None) or 1)
            response = problem(429, f"Trop de demandes venant de cette adresse : réessayez dans {seconds} secondes.")
            response["Retry-After"] = str(seconds)
            return response
        case PermissionDenied() | exceptions.PermissionDenied():
            return problem(403, "Cette adresse n'est pas ouverte.")
        case SuspiciousOperation() | exceptions.ParseError():
            return problem(400, "La demande est mal formée.")
    return None
