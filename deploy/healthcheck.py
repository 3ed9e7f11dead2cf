"""Ask the web container for /sante/ as the proxy would; exit 1 when it does not answer 200."""

import os
import sys
import urllib.request
from urllib.parse import urlsplit

site = urlsplit(os.environ["SITE_URL"])
request = urllib.request.Request(
    "http://127.0.0.1:8000/sante/", headers={"Host": site.netloc, "X-Forwarded-Proto": site.scheme}
)
try:
    with urllib.request.urlopen(request, timeout=8) as answer:  # noqa: S310
        sys.exit(answer.status != 200)
except OSError as error:
    sys.exit(str(error))
