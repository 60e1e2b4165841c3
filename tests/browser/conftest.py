"""What browser tests may ask for: the running instance, Chromium, a page that forgives no error, somebody signed in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Response, sync_playwright

from tests.browser.instance import Instance, an_instance
from tests.browser.network import Network

CHROMIUM = "/usr/bin/chromium"
QUIET = ("--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
         "--disable-component-update --disable-sync").split()  # fmt: skip
"""Without these, Chromium keeps asking the network for things that a test machine does not have."""
DESK = {"width": 1280, "height": 860}
PASSWORD = "fieldlot-sample"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def instance() -> Iterator[Instance]:
    """Fieldlot with its sample, started once for all browser tests."""
    with an_instance() as running:
        yield running


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield browser
    browser.close()


@pytest.fixture
def network(instance: Instance) -> Iterator[Network]:
    """What lies between a phone and the instance, to be cut off or made to forget."""
    with Network(instance.url) as network:
        yield network


class Watch:
    """Listens to a page: what went wrong in it, in words; ``expected`` statuses are no fault."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.expected: set[int] = set()

    def over(self, context: BrowserContext) -> None:
        """Listen to every page of a context."""
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.faults.append(f"uncaught: {error.error}"))
        context.on("response", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _see(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"{response.status}: {response.request.method} {response.url}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test when a page of it met an error that the test did not expect."""
    listening = Watch()
    yield listening
    assert listening.faults == []


@pytest.fixture
def a_page(instance: Instance, chromium: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Makes a fresh visitor's page; more options are those of a Playwright context."""
    contexts: list[BrowserContext] = []

    def make(**options: object) -> Page:
        chosen = {"base_url": instance.url, "locale": "zh-CN", "viewport": DESK, "reduced_motion": "reduce", **options}
        contexts.append(chromium.new_context(**chosen))
        watch.over(contexts[-1])
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(a_page: Callable[..., Page]) -> Page:
    """A fresh visitor's page."""
    return a_page()


@pytest.fixture
def signed_in(a_page: Callable[..., Page]) -> Callable[..., Page]:
    """Signs one of the sample's people in at the console, in a browser of their own."""

    def sign_in(username: str, **options: object) -> Page:
        page = a_page(**options)
        page.goto("/console/sign-in")
        page.fill("#username", username)
        page.fill("#password", PASSWORD)
        page.click("main button.button-primary, form button.button-primary")
        page.wait_for_url("**/console/")
        return page

    return sign_in
