"""Structured logs: one JSON line each, a constant event name and its facts as fields, on standard error."""

import logging
import sys

import structlog


def set_up_logs(process: str) -> None:
    """Send structlog and the standard library's warnings to stderr as JSON lines naming this process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    structlog.contextvars.bind_contextvars(process=process)
