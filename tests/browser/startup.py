"""How long the phone's app takes to start on a slow processor: ``python -m tests.browser.startup [--times 5] [--throttle 4]``."""

import argparse
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.instance import an_instance
from tests.browser.test_revoked import HAND

THROTTLE = 4
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
NOTE_FORM = """addEventListener('DOMContentLoaded', () => {
  const look = () => {
    if (!document.querySelector('#code')) return;
    watching.disconnect();
    setTimeout(() => { window.interactiveMs = performance.now(); });  // a task of its own: the thread is free again
  };
  const watching = new MutationObserver(look);
  watching.observe(document, { childList: true, subtree: true });
  look();
});"""
INSTALLED = "navigator.serviceWorker.ready.then(() => true)"


@dataclass(frozen=True)
class Started:
    """Milliseconds since the page was asked for, until the first content and until the form can be used."""

    painted_ms: float
    interactive_ms: float


def measure(browser: Browser, url: str, throttle: float, *, installed: bool = False) -> Started:
    """Open the app once as a phone whose processor is ``throttle`` times slower; ``installed``: from its own copy."""
    context = browser.new_context(base_url=url, **HAND)
    try:
        if installed:
            page = context.new_page()
            page.goto("/field/")
            page.evaluate(INSTALLED)
            page.close()
        return _open(context, throttle)
    finally:
        context.close()


def _open(context: BrowserContext, throttle: float) -> Started:
    page = context.new_page()
    page.add_init_script(NOTE_FORM)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": throttle})
    page.goto("/field/")
    page.wait_for_function(f"window.interactiveMs && {PAINTED}", timeout=60_000)
    return Started(page.evaluate(PAINTED), page.evaluate("window.interactiveMs"))


def main() -> None:
    """Print each start's figures and their median, of a first opening and of an installed app."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--throttle", type=float, default=THROTTLE)
    asked = parser.parse_args()
    with an_instance(sample=False) as instance, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for installed in (False, True):
            runs = [measure(browser, instance.url, asked.throttle, installed=installed) for _ in range(asked.times)]
            _tell("installed" if installed else "first opening", runs)
        browser.close()


def _tell(what: str, runs: list[Started]) -> None:
    for run in runs:
        print(f"  painted {run.painted_ms:.0f} ms, interactive {run.interactive_ms:.0f} ms")
    painted, interactive = median(r.painted_ms for r in runs), median(r.interactive_ms for r in runs)
    print(f"{what}: median painted {painted:.0f} ms, interactive {interactive:.0f} ms")


if __name__ == "__main__":
    main()
