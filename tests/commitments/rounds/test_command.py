"""``manage.py poll``: what it saw, what changed, what it does not understand."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

pytestmark = [pytest.mark.django_db, pytest.mark.streams, pytest.mark.usefixtures("our_portal")]


def test_the_command_says_what_it_saw_and_what_changed(followed, capsys):
    _, location = followed()
    out = StringIO()
    call_command("poll", "--ref", location.deliverable.commitment.ref, stdout=out)
    table = out.getvalue()
    assert location.deliverable.commitment.ref in table
    assert "— → constaté" in table
    assert "1 adresses interrogées" in table


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--ref", "O-99"], "Promesse inconnue : O-99"),
        (["--portal", "ftp://exemple.fr"], "une adresse http"),
        (["--portal", "exemple"], "une adresse http"),
    ],
)
def test_the_command_names_what_it_does_not_understand(arguments, said):
    with pytest.raises(CommandError, match=said):
        call_command("poll", *arguments)
