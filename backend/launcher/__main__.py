"""``python -m backend.launcher``: run one instance in the foreground until interrupted."""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

from backend.launcher import words
from backend.launcher.instance import Instance
from backend.problems import Problem


class Interrupted(BaseException):
    """Somebody asked us to stop; no Exception, so that nobody on the way takes it for a fault."""


def main() -> int:
    """Run until SIGINT, SIGTERM or SIGHUP; 0 after a clean stop, 1 when something did not start."""
    for interrupt in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(interrupt, _interrupt)
    try:
        with Instance.of(os.environ, Path.cwd()) as instance:
            instance.bring_up()
            instance.keep_up()
    except Problem as problem:
        words.explain(problem)
        return 1
    except Interrupted:
        words.say("stopped")
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # Heard once: what follows is the stopping, which is bounded and must not be cut short.
    for interrupt in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(interrupt, signal.SIG_IGN)
    words.say("stopping")
    raise Interrupted


if __name__ == "__main__":
    sys.exit(main())
