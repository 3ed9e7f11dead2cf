"""``python -m tests.postgresql``: run again, on PostgreSQL, the tests of the three streams."""

import os
import subprocess
import sys

from tests.conftest import POSTGRES, STRICT, postgres_missing

PROMISED = ("ministries/test_postponing", "ministries/test_standing")
DECLARED = ("ministries/test_declaring", "ministries/test_addressing", "ministries/test_transferring")
OBSERVED = (
    "commitments/test_recording",
    "commitments/rounds/test_polling",
    "commitments/rounds/test_brake",
    "commitments/test_ordinary_day",
    "commitments/test_braking",
    "commitments/test_defining",
)
AT_HOME = tuple(f"tests/{name}.py" for name in (*PROMISED, *DECLARED, *OBSERVED))


def main() -> int:
    """Return pytest's exit code; a server that is missing is said, and is a failure in CI only."""
    if why := postgres_missing():
        print(f"part left out: the streams on PostgreSQL: {why}")
        return int(STRICT)
    # CI runs all of them there; at home, those that add to the streams and read them back.
    where = () if STRICT else AT_HOME
    command = [sys.executable, "-m", "pytest", "-m", "streams", *where, *sys.argv[1:]]
    environment = {**os.environ, "BOTHOREL_TEST_DATABASE_URL": POSTGRES}
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
