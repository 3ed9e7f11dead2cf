"""The product's settings, with a limit for each address that no benchmark reaches; it is counted all the same."""

from bothorel.settings import *  # noqa: F403
from bothorel.settings import REST_FRAMEWORK as OURS

REST_FRAMEWORK = {**OURS, "DEFAULT_THROTTLE_RATES": {"anon": "1000000000/min"}}
