"""A page in headless Chromium, with nothing kept: when its chart is on the screen, how many bytes and requests.

The browser runs already and is at rest, as a reader's is: what it does for itself when it starts, or opens a window,
takes the same two processors as the page, and was up to half of what a light one seemed to take.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser

REST = 1.0  # seconds
# The frame after the one in which it has a size: what a reader has before the eyes.
WATCH = """(() => {
  const look = () => {
    const found = document.querySelector(%r);
    if (found && found.getBoundingClientRect().width > 0)
      requestAnimationFrame(() => { window.drawnAt = performance.now(); });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""
DRAWN = "async () => { while (!window.drawnAt) await new Promise(requestAnimationFrame); return window.drawnAt; }"


@dataclass(frozen=True)
class Seen:
    """Milliseconds from the navigation to the drawn chart; bytes on the wire, headers included; requests."""

    drawn: float
    size: int
    requests: int


def seen(browser: Browser, address: str, chart: str) -> Seen:
    """Open an address in a window that shares nothing. ``chart``: what is there once the chart is drawn."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
    try:
        page = context.new_page()
        page.goto("about:blank")
        page.add_init_script(WATCH % chart)
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        sizes: list[int] = []

        def finished(event: dict[str, Any]) -> None:
            sizes.append(int(event["encodedDataLength"]))

        network.on("Network.loadingFinished", finished)
        time.sleep(REST)
        page.goto(address)
        drawn = page.evaluate(DRAWN)
        page.wait_for_load_state("networkidle")
        return Seen(drawn, sum(sizes), len(sizes))
    finally:
        context.close()
