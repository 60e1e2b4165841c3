"""``python -m backend.bench [--rows N]``: every ratio of docs/bench.md, side by side, in one run."""

import argparse
import sys

from backend.bench.drawing import MEGABYTES, draw_ratio, hash_floor, matching_spread, province
from backend.bench.instance import instance
from backend.bench.rows import register
from backend.bench.told import Ratio

CITY, DISTRICTS = 400_000, 11


def main() -> int:
    """Print the ratios; 1 when one of them does not hold."""
    parser = argparse.ArgumentParser(description="Print Fieldlot's ratios beside bare tools.")
    parser.add_argument("--rows", type=int, default=CITY, help="entities of the register (default %(default)s)")
    rows = parser.parse_args().rows
    print("  ours : bare, each measured in this run on this machine\n")
    drawing, memory = draw_ratio(rows)
    print(drawing)
    print(f"{'':<58} {memory:8.0f} MB at most   < {MEGABYTES}", flush=True)
    _rest_of_the_lot(rows, drawing)
    bounded = [drawing, *_on_an_instance(rows), *_at_the_field_door()]
    return 0 if all(ratio.holds for ratio in bounded) and memory < MEGABYTES else 1


def _on_an_instance(rows: int) -> list[Ratio]:
    """Import, search, scores and photos in one instance with the whole register."""
    with instance():
        # Imported here: these read the settings of the instance that has just been made.
        from backend.bench.importing import import_ratio
        from backend.bench.photos import likeness_line, photo_lines
        from backend.bench.scoring import scoring_ratios
        from backend.bench.searching import search_spreads

        importing = import_ratio(register(rows))
        print(importing, flush=True)
        for line in search_spreads(rows):
            print(line, flush=True)
        scoring = scoring_ratios()
        print(*scoring, sep="\n", flush=True)
        photos = photo_lines()
        print(*photos, likeness_line(), sep="\n", flush=True)
    return [importing, *scoring, *(line for line in photos if isinstance(line, Ratio))]


def _at_the_field_door() -> list[Ratio]:
    """Submissions and pulls, in an instance of their own with the sample."""
    # Imported here: the lot's memory, measured before, shall not have the rooms in it.
    from backend.bench.fielding import field_ratios

    ratios = field_ratios()
    print(*ratios, sep="\n", flush=True)
    return ratios


def _rest_of_the_lot(rows: int, drawing: Ratio) -> None:
    """Told without a bound: what plain hashing takes of the lot, ten times as many by districts, matching."""
    floor = hash_floor(rows)
    print(f"{'of it, plain SHA-256 of the same bytes':<58} {floor:8.3f} s = {floor / drawing.ours:.0%} of ours")
    seconds, memory = province(10 * rows, DISTRICTS)
    print(
        f"{f'freeze, root, draw of {10 * rows:,} in {DISTRICTS} districts':<58} {seconds:8.3f} s, {memory:.0f} MB at most"
    )
    print(matching_spread(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
