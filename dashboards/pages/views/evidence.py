"""The records kept: what grounded a change of verdict, as it was received."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from commitments.models import Commitment, Snapshot

FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def evidence(request: HttpRequest, observation: int) -> HttpResponse:
    """The body as kept, in gzip; its tag is the SHA-256 of what it opens to, which the promise's page shows.

    Always a file to keep, never a page: what it holds was written elsewhere.
    """
    public = {"observation__location__deliverable__commitment__visibility": Commitment.Visibility.PUBLIC}
    snapshot = (
        Snapshot.objects.filter(observation=observation, **public)
        .select_related("observation__location__deliverable__commitment")
        .first()
    )
    if snapshot is None:
        raise Http404
    tag = f'"{snapshot.sha256}"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return _kept(HttpResponse(status=304), tag)
    ref = snapshot.observation.location.deliverable.commitment.ref
    response = HttpResponse(bytes(snapshot.body), content_type="application/gzip")
    name = f"releve_{ref}_{snapshot.taken_at:%Y-%m-%d}_{observation}.gz"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return _kept(response, tag)


def _kept(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    response["Cache-Control"] = FOR_EVER
    return response
