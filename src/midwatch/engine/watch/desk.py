"""Questions and acts of people, answered in a few threads that each have a store of their own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent import futures
from typing import TypeVar

from midwatch.db import store

Answer = TypeVar("Answer")
THREADS = 3


class Desk:
    """A few threads with a store each."""

    def __init__(self, url: str, threads: int = THREADS) -> None:
        self._url = url
        self._own = threading.local()
        self._opened: list[store.Store] = []
        self._pool = futures.ThreadPoolExecutor(threads, "midwatch-desk")

    async def ask(self, work: Callable[[store.Store], Answer]) -> Answer:
        """What the work found, or did."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._do, work)

    def _do(self, work: Callable[[store.Store], Answer]) -> Answer:
        where: store.Store | None = getattr(self._own, "where", None)
        if where is None:
            where = self._own.where = store.connect(self._url)
            self._opened.append(where)
        return work(where)

    def close(self) -> None:
        """Finish what was asked, and let go."""
        self._pool.shutdown()
        for where in self._opened:
            where.close()
