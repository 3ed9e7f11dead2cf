"""The product's settings for tests: nothing of the developer's environment, a folder of their own.

``BOTHOREL_TEST_DATABASE_URL`` (PostgreSQL) runs the same tests there, in a database that Django's
runner creates and drops.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from bothorel import environment

VARIABLES = (
    *("ALLOWED_HOSTS", "BOTHOREL_VAR", "CA_BUNDLE", "CATALOGUE_URL", "CONTACT", "CSRF_TRUSTED_ORIGINS"),
    *("DATABASE_URL", "DATAGOUV_URL", "DEBUG", "DISPATCH_SECONDS", "GITHUB_TOKEN"),
    *("EMAIL_FROM", "EMAIL_URL"),
    *("GITLAB_TOKEN", "HOST_CONNECTIONS", "HOST_PER_MINUTE"),
    *(
        "LEASE_SECONDS",
        "LOG_FORMAT",
        "OUTBOUND_ALLOW",
        "OUTBOUND_PROXY",
        "PROCONNECT_CLIENT_ID",
        "PROCONNECT_CLIENT_SECRET",
        "PROCONNECT_URL",
        "REDIS_URL",
        "SECRET_KEY",
        "SITE_URL",
        "STATE_BRAND",
        "STATIC_ROOT",
    ),
)
for name in VARIABLES:
    os.environ.pop(name, None)

# One folder a process: two runs at once, or the workers of one, never share a database.
folder = Path(tempfile.mkdtemp(prefix="bothorel-tests-"))
atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ["BOTHOREL_VAR"] = str(folder)
# Nothing listens there: a test that forgets its portal fails instead of reaching the real one.
os.environ["DATAGOUV_URL"] = "http://127.0.0.1:9"

from bothorel.settings import *  # noqa: E402, F403

# What tests start with a clean environment must not inherit the two lines above.
for name in ("BOTHOREL_VAR", "DATAGOUV_URL"):
    del os.environ[name]

if address := os.environ.get("BOTHOREL_TEST_DATABASE_URL"):
    DATABASES = {
        "default": {**environment.database(address), "TEST": {"NAME": f"test_bothorel_{os.getpid()}"}},
    }

# Each test client would list every static file again.
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
