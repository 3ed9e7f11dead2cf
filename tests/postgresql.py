"""``python -m tests.postgresql``: run again, on PostgreSQL, the tests of the three streams."""

import os
import sys

import pytest

from tests.conftest import POSTGRES, STRICT, postgres_missing


def main() -> int:
    """Return pytest's exit code; a server that is missing is said, and is a failure in CI only."""
    if why := postgres_missing():
        print(f"part left out: the streams on PostgreSQL: {why}")
        return int(STRICT)
    os.environ["BOTHOREL_TEST_DATABASE_URL"] = POSTGRES
    return int(pytest.main(["-m", "streams", *sys.argv[1:]]))


if __name__ == "__main__":
    sys.exit(main())
