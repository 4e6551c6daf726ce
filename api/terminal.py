"""What every command of the command line shares: where it writes, how it fails, its settings and its database."""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

import structlog
import typer
from rich.console import Console

from api.assembly import base_items
from api.demo import RoundError
from api.service import ServiceError, mongodb
from api.settings import Settings, SettingsError, read_settings
from matcher.understanding.model import ModelError
from models.errors import SandanError
from models.store import UNAVAILABLE, Store
from models.store.client import StoreMisconfiguredError, connect, open_database, require_replica_set
from models.store.embedded import EmbeddedServerError
from seed.load import load_base

T = TypeVar("T")
out = Console(width=None if sys.stdout.isatty() else 120)
err = Console(stderr=True)


def say(line: str) -> None:
    err.print(f"[dim]… {line}[/dim]")


@contextmanager
def plainly() -> Iterator[None]:
    """What goes wrong is a sentence and an exit status, not a traceback."""
    try:
        yield
    except (SettingsError, EmbeddedServerError, StoreMisconfiguredError, ServiceError, RoundError, ModelError) as error:
        raise complaint(str(error), status=error.status if isinstance(error, ServiceError) else 1) from None
    except SandanError as error:
        fields = getattr(error, "fields", {})
        raise complaint(error.detail, *(f"  {name}：{'；'.join(messages)}" for name, messages in fields.items())) from None
    except UNAVAILABLE as error:
        raise complaint(f"连不上 MongoDB：{str(error)[:200]}") from None


def complaint(*lines: str, status: int = 1) -> typer.Exit:
    """Shown as it is: what callers typed may look like markup, and a sentence is not broken into lines."""
    err.print("\n".join(lines), style="red", markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(status)


def settings_of(host: str | None = None, port: int | None = None, *, quiet: bool = False) -> Settings:
    settings = read_settings()
    if quiet and "SANDAN_LOG_LEVEL" not in os.environ:
        settings = replace(settings, log_level="ERROR")
    settings = replace(settings, host=host or settings.host, port=settings.port if port is None else port)
    level = logging.getLevelNamesMapping()[settings.log_level]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    return settings


def with_store(settings: Settings, work: Callable[[Store], Awaitable[T]]) -> T:
    """Run one piece of work on the database, with the base loaded."""

    async def run(uri: str) -> T:
        client = connect(uri)
        try:
            await require_replica_set(client)
            store = Store(client, open_database(client, settings.database))
            await load_base(store, base_items(settings))
            return await work(store)
        finally:
            await client.close()

    with mongodb(settings, share=True) as uri:
        return asyncio.run(run(uri))
