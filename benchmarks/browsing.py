"""A page in headless Chromium, with nothing kept: when its chart is on the screen, how many bytes and requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Playwright

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


def seen(playwright: Playwright, chromium: str, address: str, chart: str) -> Seen:
    """Open an address in a browser started for it. ``chart``: what is there once the chart is drawn."""
    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    try:
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
        page = context.new_page()
        page.goto("about:blank")
        page.add_init_script(WATCH % chart)
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        sizes: list[int] = []

        def finished(event: dict[str, Any]) -> None:
            sizes.append(int(event["encodedDataLength"]))

        network.on("Network.loadingFinished", finished)
        page.goto(address)
        drawn = page.evaluate(DRAWN)
        page.wait_for_load_state("networkidle")
        return Seen(drawn, sum(sizes), len(sizes))
    finally:
        browser.close()
