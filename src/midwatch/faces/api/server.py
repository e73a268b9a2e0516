"""The server: one socket, one loop, and a stop that loses nothing."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType

import uvicorn

from midwatch.app import serving
from midwatch.base import clock, errors
from midwatch.db import claim
from midwatch.faces.api import application, standing_by

LOG = logging.getLogger(__name__)
VITAL = (
    "midwatch-intake",
    "midwatch-engine",
    "midwatch-sender",
    "midwatch-auditor",
    "midwatch-runs",
    "midwatch-claim",
)
LOOK_SECONDS = 0.5
LAST_WORDS = 0.2
"""Seconds for the log to be written."""
STOPPING_SECONDS = 10
BACKLOG = 2048
MOST_CONNECTIONS = 2000
IDLE_SECONDS = 75


def listen(host: str, port: int) -> socket.socket:
    """The socket that the watch listens on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (while")[0].lower()
        raise errors.WorldError(
            f"{host}:{port} cannot be listened on: {reason}.",
            "Choose another address: listen in [serve], or --listen.",
        ) from error


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """What somebody at a terminal hears."""

    began: Callable[[], None]
    waits: Callable[[], None]
    """Another process keeps the watch, and this one stands by."""


def run(watch: serving.Serving, on: socket.socket, told: Told, *, standby: bool = False) -> None:
    """Serve until somebody says stop; then finish what was begun."""
    config = uvicorn.Config(
        standing_by.Gate(application.made(watch), watch),
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        date_header=False,
        backlog=BACKLOG,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=STOPPING_SECONDS,
    )
    server = uvicorn.Server(config)

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    ending = Ending(server)
    threading.excepthook = ending.of_thread
    watch.lost = functools.partial(_end_at_once, watch.ticks)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(watch, server, on, told, standby=standby))
    if ending.died:
        raise errors.BugError(f"{ending.died} died; what was accepted is kept.", "Start it again.")


async def _serve(
    watch: serving.Serving,
    server: uvicorn.Server,
    on: socket.socket,
    told: Told,
    *,
    standby: bool,
) -> None:
    answering: asyncio.Task[None] | None = None
    try:
        if not await _taken(watch, standby=standby):
            if not standby:
                raise claim.taken(watch.claim)
            told.waits()
            answering = asyncio.create_task(server.serve(sockets=[on]))
            if not await _turn(watch, answering):
                return
        await watch.start()
        told.began()
        await (answering or server.serve(sockets=[on]))
    finally:
        await asyncio.to_thread(watch.close)


async def _taken(watch: serving.Serving, *, standby: bool) -> bool:
    """Claim the watch; whoever stands by waits for a database that is away, too."""
    try:
        return await watch.take()
    except errors.WorldError:
        if not standby:
            raise
        return False


async def _turn(watch: serving.Serving, answering: asyncio.Task[None]) -> bool:
    """Stand by until the watch is ours; False where somebody ends this before."""
    said = ""
    while not answering.done():
        try:
            if await watch.take():
                return True
            said = ""
        except errors.WorldError as error:
            if error.message != said:
                LOG.warning("standing by: %s", error.message)
            said = error.message
        await asyncio.wait({answering}, timeout=LOOK_SECONDS)
    await answering
    return False


def _end_at_once(ticks: clock.Clock) -> None:
    """All that the watch knows is on disk; whoever keeps it now goes on with it."""
    ticks.sleep(LAST_WORDS)
    os._exit(errors.Exit.FAILED)


class Ending:
    """A part that died must not go unseen: the process ends, and its keeper starts it anew."""

    def __init__(self, server: uvicorn.Server) -> None:
        self._server = server
        self.died = ""

    def end(self, part: str) -> None:
        """End the process because of that part."""
        self.died = part
        self._server.should_exit = True

    def of_thread(self, given: threading.ExceptHookArgs) -> None:
        """A thread died; one of a channel's own calls is told, and the watch goes on."""
        name = given.thread.name if given.thread else "a thread"
        trace = (given.exc_type, given.exc_value or given.exc_type(), given.exc_traceback)
        LOG.critical("%s died", name, exc_info=trace)
        if name.startswith(VITAL):
            self.end(name)
