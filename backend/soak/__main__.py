"""``python -m backend.soak``: phones behind a bad network, parts killed; 1 when anything was lost, doubled or altered."""

import argparse
import sys
from dataclasses import fields

from backend.soak.count import findings, settle
from backend.soak.instance import Instance
from backend.soak.run import Size, Soak

SHOWN = 20


def main() -> int:
    """Run, count, print."""
    size, keep = _asked()
    with Instance(keep=keep) as instance:
        print(f"an instance of its own in {instance.data}", flush=True)
        outcome = Soak(instance, size, lambda line: print(line, flush=True)).run()
        print(*outcome.lines(), sep="\n", flush=True)
        print(f"waited {settle():.0f} s for the reactions to all that happened", flush=True)
        found = findings(outcome)
    print(*found[:SHOWN], sep="\n")
    if found:
        print(f"{len(found)} FINDINGS; the first are above")
        return 1
    print(
        f"{len(outcome.done):,} submissions, receipts, photos and arrivals: nothing lost, nothing twice, every receipt and the ledger verified"
    )
    return 0


def _asked() -> tuple[Size, bool]:
    parser = argparse.ArgumentParser(description="Try whether anything is lost when network and server are bad.")
    for each in fields(Size):
        parser.add_argument(f"--{each.name}", type=type(each.default), default=each.default, help="default %(default)s")
    parser.add_argument("--keep", action="store_true", help="leave the instance's folder for looking at")
    told = vars(parser.parse_args())
    keep = bool(told.pop("keep"))
    return Size(**told), keep


if __name__ == "__main__":
    sys.exit(main())
