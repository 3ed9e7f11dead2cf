"""The link by which an agent chooses a password: written and sent by the worker, so that no page tells who exists."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from ministries.accounts.forms import Mailing


def send_link(email: str) -> None:
    """Send the link to the active agent of this address, if there is one. Raises OSError when mail can't leave."""
    form = Mailing({"email": email})
    if form.is_valid():
        site = urlsplit(settings.SITE_URL)
        form.save(
            # The site's own address, never the Host header of who asked.
            domain_override=site.netloc,
            use_https=site.scheme == "https",
            subject_template_name="accounts/link_subject.txt",
            email_template_name="accounts/link.txt",
        )
