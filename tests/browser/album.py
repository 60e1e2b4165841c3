"""Pictures of the phone's screens, in one language, in light and dark; and what axe-core has against each."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright

from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.test_revoked import HAND
from tests.browser.walking import too_wide, violations

WORDS = json.loads((Path(__file__).parents[2] / "field_api" / "phone" / "words.json").read_text())
CAMERA = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
PLACE = {"longitude": 107.0, "latitude": 33.07, "accuracy": 8}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
TIME_ZONE = "Asia/Shanghai"
SETTLED = """() => !document.querySelector('[aria-busy=true]')
  && document.getAnimations().every(one => one.playState !== 'running')"""
HEIGHT = "Math.max(innerHeight, Math.ceil(document.documentElement.scrollHeight))"
TALLEST = 6_000
_HAND = {"geolocation": PLACE, **HAND}


@dataclass
class Album:
    """One language's pictures: kept in ``folder`` (none: only looked at), with what is wrong in ``faults``."""

    browser: Browser
    url: str
    language: str = "zh"
    folder: Path | None = None
    schemes: tuple[str, ...] = ("light", "dark")
    faults: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def see(self, page: Page, name: str) -> None:
        """Take the screen as it is now under this name, from top to bottom, and judge it."""
        self.seen.append(name)
        for scheme in self.schemes:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            page.wait_for_function(SETTLED)
            self._keep(page, f"{len(self.seen):02}-{name}-{self.language}-{scheme}")

    def _keep(self, page: Page, title: str) -> None:
        self.faults += [f"{title}: {found}" for found in violations(page) + too_wide(page)]
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        size = page.viewport_size or HAND["viewport"]
        if not page.locator("dialog[open]").count():  # bars keep to the edges: the phone grows as tall as its page
            page.set_viewport_size({"width": size["width"], "height": min(TALLEST, page.evaluate(HEIGHT))})
        page.wait_for_function(SETTLED)
        page.screenshot(path=self.folder / f"{title}.png")
        page.set_viewport_size(size)

    def say(self, key: str) -> str:
        """The words of the phone's catalogue."""
        return str(WORDS[key][self.language])

    def button(self, page: Page | Locator, key: str) -> Locator:
        """The first button with these words."""
        return page.get_by_role("button", name=self.say(key), exact=True).first

    @contextmanager
    def phone(self, **options: object) -> Iterator[Page]:
        """A phone in this language, with a camera and a place; it never opened Fieldlot before."""
        context = self.browser.new_context(**{**self._options(), **options})
        self._speak(context)
        yield context.new_page()
        context.close()

    def _options(self) -> dict[str, object]:
        return {"base_url": self.url, "locale": LOCALES[self.language], "timezone_id": TIME_ZONE, **_HAND}

    def _speak(self, context: BrowserContext) -> None:
        context.add_init_script(f"localStorage.setItem('fieldlot-lang', {self.language!r})")


@contextmanager
def a_camera(playwright: Playwright) -> Iterator[Browser]:
    """Chromium whose pages may see through an invented camera."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *CAMERA])
    yield browser
    browser.close()
