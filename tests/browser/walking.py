"""Walks a face by its own links, one page of each kind, and asks axe-core about every page it opens."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LINKS = "links => links.map(link => link.href)"
VIOLATIONS = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(
  found => `${found.id}: ${found.help} ← ${found.nodes.slice(0, 3).map(node => node.target.join(' ')).join(' | ')}`)"""


def walk(page: Page, start: str) -> Iterator[str]:
    """Open one page of each kind that can be reached from ``start`` without leaving its face, and tell its path.

    Every other link met is asked for its head, so that the page's watch hears of those that lead nowhere.
    """
    waiting, kinds = [start], {kind(start)}
    while waiting:
        page.goto(waiting.pop(0))
        yield urlsplit(page.url).path
        for link in page.locator("a[href]").evaluate_all(LINKS):
            target = urldefrag(link).url
            if _leads_on(page, target) and kind(target) not in kinds:
                kinds.add(kind(target))
                if _is_page(page, target, start):
                    waiting.append(target)


def kind(address: str) -> str:
    """What is alike of two addresses: the path with everything that bears a digit left open."""
    path = urlsplit(address).path
    return "/".join("*" if re.search(r"\d", part) else part for part in path.split("/"))


def _leads_on(page: Page, target: str) -> bool:
    here = urlsplit(urljoin(page.url, target))
    return here.netloc == urlsplit(page.url).netloc and not here.path.startswith("/lang/")


def _is_page(page: Page, target: str, start: str) -> bool:
    """Is it a page of this face? A link that leads nowhere ends the walk."""
    answer = page.request.head(target, timeout=60_000)
    assert answer.ok, f"{page.url} has a link to {target}, which answers {answer.status}"
    kept = "attachment" in answer.headers.get("content-disposition", "")
    html = answer.headers.get("content-type", "").startswith("text/html")
    inside = urlsplit(target).path.startswith("/console") == start.startswith("/console")
    return html and not kept and inside and not urlsplit(target).path.startswith("/field")


def violations(page: Page) -> list[str]:
    """What axe-core has against the page that is open."""
    page.evaluate(AXE.read_text())
    return [f"{urlsplit(page.url).path} {found}" for found in page.evaluate(VIOLATIONS)]


def too_wide(page: Page) -> list[str]:
    """The page's path, when it must be scrolled sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{urlsplit(page.url).path} is {wide} px wider than the window"] if wide > 0 else []
