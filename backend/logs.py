"""Structured logs: one JSON line each, a constant event name and its facts as fields, on standard error.

No line quotes what somebody typed: of an error the log tells its kinds and places, not its message, which often holds the value
that was refused.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
HOME = Path(__file__).parents[1]


def set_up_logs(process: str) -> None:
    """Send structlog and the standard library's warnings to stderr as lines naming this process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(places),  # type: ignore[arg-type]
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    structlog.contextvars.bind_contextvars(process=process)


class Discreet(logging.Formatter):
    """For libraries that log by themselves."""

    def formatException(self, ei: Any) -> str:
        return places(ei)


def places(told: ErrorInfo) -> str:
    """An error and what it came from, the outermost first: kinds, and where in which file; no messages."""
    return "\n".join(line for error in _chain(told[1]) for line in _lines(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _lines(error: BaseException) -> Iterator[str]:
    diag = getattr(error, "diag", None)
    facts = (getattr(error, "sqlstate", None), getattr(diag, "constraint_name", None))
    yield " ".join([type(error).__qualname__, *(fact for fact in facts if fact)])
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {_short(frame.filename)}:{frame.lineno} {frame.name}"


def _short(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(HOME)) if path.is_relative_to(HOME) else str(path)
