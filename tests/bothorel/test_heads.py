"""HEAD answers bear the same headers as GET's, and no body leaves the product."""

import logging

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory

from commitments.models import Version
from tests.factories import ResponsibilityFactory

ONCE = {"Date", "X-Request-Id"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/promesses/",
        "/api/v1/commitments/",
        "/donnees/promesses.csv",
        "/echeances.ics",
        "/nulle-part/",
    ],
)
@pytest.mark.parametrize("accepted", ["", "gzip"])
def test_the_same_headers_and_no_body(client: Client, path: str, accepted: str) -> None:
    ResponsibilityFactory()
    Version.bump()
    logging.getLogger("django.request").setLevel(logging.ERROR)
    got = client.get(path, headers={"accept-encoding": accepted})
    product = WSGIHandler()  # the test client would drop the body itself
    asked = product.get_response(RequestFactory().head(path, headers={"accept-encoding": accepted}))
    assert asked.status_code == got.status_code
    assert b"".join(asked) == b""  # type: ignore[call-overload]
    asked.close()
    got.close()
    for name in {*got.headers, *asked.headers} - ONCE:
        assert asked.headers.get(name) == got.headers.get(name), name


@pytest.mark.django_db
def test_a_file_tells_its_own_length() -> None:
    asked = WSGIHandler().get_response(
        RequestFactory().head("/static/css/bothorel.css", headers={"accept-encoding": "gzip"})
    )
    assert int(asked["Content-Length"]) == (settings.BASE_DIR / "static/css/bothorel.css").stat().st_size
    assert "Content-Encoding" not in asked
    asked.close()
