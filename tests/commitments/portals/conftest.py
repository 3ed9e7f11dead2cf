"""The loopback portal, and doors quick to give up."""

from tests.portal.plugin import portal, seeded_portal

__all__ = ["portal", "seeded_portal"]
