"""A font with Chinese characters, found where Linux systems keep theirs."""

import os
from functools import cache
from pathlib import Path

from PIL import ImageFont

from media.faults import NoFont

FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
NAMES = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "NotoSansCJK-Bold.ttc",
    "NotoSerifCJK-Regular.ttc",
    "uming.ttc",
)
"""The better to read the earlier"""
COLLECTION = 10


@cache
def chinese_font(size: int) -> ImageFont.FreeTypeFont:
    """A font of ``size`` pixels with simplified Chinese characters. Raises NoFont.

    FIELDLOT_FONT names a file that is taken instead of what the system has.
    """
    path, index = _found()
    return ImageFont.truetype(path, size, index=index)


@cache
def _found() -> tuple[str, int]:
    if chosen := os.environ.get("FIELDLOT_FONT"):
        if not Path(chosen).is_file():
            raise NoFont(chosen=chosen, install="fonts-noto-cjk")
        return chosen, 0
    here = {path.name: path for folder in FOLDERS for path in Path(folder).expanduser().rglob("*.[to]t[cf]")}
    for name in NAMES:
        if name in here:
            return str(here[name]), _simplified(str(here[name]))
    raise NoFont(looked_in=", ".join(FOLDERS), install="fonts-noto-cjk")


def _simplified(path: str) -> int:
    """Which face of a collection draws characters as they are written in mainland China."""
    for index in range(COLLECTION if path.endswith(".ttc") else 0):
        try:
            family = ImageFont.truetype(path, 12, index=index).getname()[0] or ""
        except OSError:
            break
        if family.endswith(" SC"):
            return index
    return 0
