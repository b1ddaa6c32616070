"""Logging: events with typed keys, to standard error, without secrets."""

import logging
import sys
from typing import TextIO, cast

import structlog


def log_to_stderr(level: str, style: str) -> None:
    """Set structlog up once; `style` is `text` or `json`."""
    rendering: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            rendering,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(file=cast(TextIO, _StandardError())),
        cache_logger_on_first_use=False,
    )


class _StandardError:
    """Whatever standard error is at that moment: bars stand there, and lines go above them."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()
