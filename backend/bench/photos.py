"""A photo's way: hashed, looked at, copied; and the same photo found among a million."""

import hashlib
import io
import random
from collections.abc import Callable
from functools import partial
from statistics import median

import numpy as np
from PIL import Image, ImageFilter
from sqlalchemy import Connection, create_engine, text

from backend.bench.rows import SEED
from backend.bench.told import Ratio, Spread, spread, timed
from backend.config import settings
from backend.inspections.likenesses import ALIKE_ONES, MOST
from media.faces import private_boxes
from media.likeness import ALIKE, PIECE_BITS, bands, pieces
from media.looking import look_at
from media.render import PUBLIC_SIDE, public_copy, watermarked

WIDTH, HEIGHT = 4000, 3000
TIMES = 7
CITY = 1_000_000
SEARCHES = 100
LINES = ("汉台区市场监管局 · T-0001 · 第 3 项", "2026-06-01 09:30:00 +08:00 · 107.03180, 33.06760 WGS 84 ± 8 m")


def photo_lines() -> list[Ratio | Spread]:
    """A photo of 12 MP beside Pillow's decoding and one resize of it; and what looking for faces and plates takes."""
    photo = a_photo()
    bare = _middle(partial(_bare, photo))
    ways = [
        ("12 MP: hash, checks, likeness, thumbnail, public copy", _middle(partial(_taken_in, photo))),
        ("the same and the watermarked copy", _middle(partial(_taken_in, photo, marked=True))),
    ]
    faces: list[Callable[[], object]] = [partial(private_boxes, io.BytesIO(photo)) for _ in range(5)]
    return [
        *(Ratio(work, ours, bare, 2) for work, ours in ways),
        spread("faces and plates, once a photo is to be public", faces),
    ]


def a_photo() -> bytes:
    """A JPEG of 12 MP with edges, shades and the noise of a small lens."""
    chance = np.random.default_rng(SEED)
    coarse = Image.fromarray(chance.integers(0, 255, (HEIGHT // 100, WIDTH // 100, 3), dtype=np.uint8))
    scene = np.asarray(coarse.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), dtype=float)
    noisy = np.clip(scene + chance.normal(0, 6, scene.shape), 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(noisy).filter(ImageFilter.GaussianBlur(0.7)).save(out, "JPEG", quality=92)
    return out.getvalue()


def _bare(photo: bytes) -> None:
    with Image.open(io.BytesIO(photo)) as image:
        image.load()
        image.resize((PUBLIC_SIDE, PUBLIC_SIDE * HEIGHT // WIDTH))


def _taken_in(photo: bytes, *, marked: bool = False) -> None:
    hashlib.sha256(photo).hexdigest()
    look_at(io.BytesIO(photo))
    public_copy(io.BytesIO(photo), hide=[(1000, 800, 1400, 1300)])
    if marked:
        watermarked(io.BytesIO(photo), LINES)


def _middle(deed: Callable[[], object]) -> float:
    times = []
    for _ in range(TIMES):
        with timed() as watch:
            deed()
        times.append(watch.seconds)
    return median(times)


def likeness_line(count: int = CITY) -> Spread:
    """The search for the same photo, in the instance that is measured."""
    outside = create_engine(settings().database_url, isolation_level="AUTOCOMMIT")
    with outside.connect() as connection:
        return likeness_spread(connection, count)


def likeness_spread(connection: Connection, count: int = CITY) -> Spread:
    """The search for look-alikes of photos that are among ``count``, each some bits off."""
    many_likenesses(connection, count)
    known = connection.scalars(
        text("select likeness from likeness_pieces where piece < 2 order by likeness limit :n"), {"n": SEARCHES}
    )
    chance = random.Random(SEED)
    asked = [_signed(hash_ ^ sum(1 << bit for bit in chance.sample(range(64), ALIKE))) for hash_ in known]
    return spread(f"the same photo among {count:,}", [partial(look_for, connection, hash_) for hash_ in asked])


def look_for(connection: Connection, likeness: int) -> list[tuple[object, int]]:
    """The product's own question, on this connection."""
    asked = {"likeness": likeness, "pieces": pieces(likeness), "alike": ALIKE, "most": MOST}
    return [(id_, apart) for id_, apart in connection.execute(ALIKE_ONES, asked)]


def many_likenesses(connection: Connection, count: int) -> None:
    """A table of this connection alone that stands before the real one, with so many photos in it; wants autocommit."""
    connection.execute(text("create temporary table likeness_pieces (like public.likeness_pieces)"))
    values = ", ".join(f"({place}, {start}, {mask})" for place, start, mask in _cuts())
    connection.execute(text(
        f"insert into likeness_pieces select (place << {PIECE_BITS}) + ((likeness >> start) & mask), likeness, id"
        " from (select ((random() - 0.5) * 2.0 ^ 63)::bigint # (random() * 2.0 ^ 40)::bigint # (n::bigint << 45) as likeness,"
        " gen_random_uuid() as id from generate_series(1, :count) n) photos"
        f" cross join (values {values}) as cuts (place, start, mask)"
    ), {"count": count})  # fmt: skip
    connection.execute(text("alter table likeness_pieces add primary key (piece, likeness, evidence_id)"))
    connection.execute(text("vacuum analyze likeness_pieces"))


def _cuts() -> list[tuple[int, int, int]]:
    """Where media.likeness cuts: (place, first bit, mask), read off a hash of ones."""
    masks, found, start = bands(-1), [], 0
    for place, mask in enumerate(masks):
        found.append((place, start, mask))
        start += mask.bit_length()
    return found


def _signed(hash_: int) -> int:
    return (hash_ + 2**63) % 2**64 - 2**63
