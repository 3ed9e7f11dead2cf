#!/usr/bin/env python3
"""Django's command line, with configuration refusals said in one line."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run a command; exit with status 1 and one French line when the environment is refused."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bothorel.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refusal:
        sys.exit(f"Configuration refusée : {refusal}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
