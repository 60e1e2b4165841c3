"""A visit on the phone by its buttons, step by step (DOMAIN §2.6), as test_offline_day and test_update walk it."""

from collections.abc import Iterator

from playwright.sync_api import Locator, Page, expect

from backend.sample.photos import draw_photo
from backend.times import utc_now
from tests.browser.enrolling import WITHIN_MS
from tests.browser.hand import sign, step, tick

PLACE = {"longitude": 107.0, "latitude": 33.07, "accuracy": 8}
REASON = "登记位置在街对面"
SIGNER = "王店长"
Photos = Iterator[dict[str, object]]


def photos_of(count: int) -> list[dict[str, object]]:
    """Different photos as a phone's camera hands them over."""
    names = [f"photo-{at}" for at in range(count)]
    return [
        {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": draw_photo(name, utc_now(), 107.0, 33.07, at)}
        for at, name in enumerate(names)
    ]


def arrive(page: Page) -> None:
    """Step 1: check in away from the registered place, with the reason."""
    page.fill("#reason", REASON)
    page.get_by_role("button", name="签到", exact=True).click()
    expect(page.locator("#cards-shown")).to_be_visible(timeout=WITHIN_MS)


def introduce(page: Page) -> None:
    """Step 2: cards, rights, recusal."""
    tick(page.locator("#cards-shown"))
    tick(page.locator("#rights-told"))
    page.get_by_text("不申请", exact=True).click()
    step(page, "检查")


def give(card: Locator, photo: dict[str, object]) -> None:
    """Hand a photo to an item, without waiting for it."""
    card.locator("input[type=file]").first.set_input_files(photo)  # type: ignore[arg-type]


def wanting_photos(page: Page) -> list[Locator]:
    """The items in sight that need a photo however they turn out."""
    return page.locator("article.item", has=page.locator(".photo-hint", has_text="需拍照")).all()


def answer_section(page: Page, photos: Photos) -> None:
    """Answer the section in sight: each item that needs a photo takes the next one, or is 不适用 once there are no more.

    What was answered before is left as it is, and a photo that is there is not given again.
    """
    for card in page.locator("article.item").all():
        needed = card.locator(".photo-hint", has_text="需拍照").count() > 0
        photo = next(photos, None) if needed else None
        answer(card, "yes" if photo or not needed else "na")
        if photo and card.locator(".thumb").count() == 0:
            give(card, photo)
            expect(card.locator(".thumb img")).to_have_count(1, timeout=WITHIN_MS)


def answer(card: Locator, value: str) -> None:
    """Choose an answer, unless one was given before."""
    if card.get_attribute("data-value") == "":
        card.locator(f"label[data-value={value}]").click()
        expect(card).to_have_attribute("data-value", value)


def turn_to(page: Page, section: int) -> None:
    """Open a section of step 3, counted from 0."""
    chip = page.locator("nav.chips .chip").nth(section)
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")


def answer_all(page: Page, photos: Photos) -> None:
    """Step 3 in all sections."""
    for at in range(page.locator("nav.chips .chip").count()):
        turn_to(page, at)
        answer_section(page, photos)


def read_out(page: Page) -> None:
    """Step 5."""
    step(page, "宣读")
    tick(page.locator("#read-back"))


def sign_all(page: Page) -> int:
    """Step 6: everybody draws their signature; how many they are."""
    step(page, "签字")
    page.fill("#signer", SIGNER)
    expect(page.get_by_label(f"{SIGNER} 以姓名确认")).to_be_visible()
    signers = page.locator(".signer")
    for at in range(signers.count()):
        sign(page, signers.nth(at))
    return signers.count()


def submit(page: Page) -> None:
    """Seal the record."""
    page.get_by_role("button", name="提交检查记录").click()
