"""Tables made from the models are those that the migrations make."""

from typing import Any

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_the_migrations_say_all_that_the_models_say(settings: Any) -> None:
    # At home the base of the tests is made without them.
    settings.MIGRATION_MODULES = {}
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
