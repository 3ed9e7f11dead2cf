"""The product's base and models, nothing else of it: what a plain Django site needs."""

from bothorel.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.peers.plain_list"
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
