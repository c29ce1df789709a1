"""Who computes the chunks of a scan: this process, a pool of processes that end with it, or a Dask cluster.

In: the study as plain data and the chunks that are missing. Out: finished chunks, as they come.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from multiprocessing import get_context, resource_tracker
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from renp.studies.scan.compute import compute_chunk

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["computed_chunks"]

FloatArray = NDArray[np.float64]

_RESTARTS: Final = 3


def computed_chunks(
    document: Mapping[str, Any], missing: list[int], workers: int, scheduler: str | None
) -> Generator[tuple[int, FloatArray], None, None]:
    """Yield finished chunks; a lost worker costs time, not results."""
    if scheduler is None and workers == 1:
        yield from ((index, compute_chunk(document, index)) for index in missing)
        return
    left = list(missing)
    for attempt in range(_RESTARTS + 1):
        try:
            with _executor(workers, scheduler, len(left)) as (executor, width):
                for index, rows in _through(executor, width, document, list(left)):
                    left.remove(index)
                    yield index, rows
            return
        except BrokenExecutor:
            # A killed process breaks the whole pool; what it had not delivered is computed again in a new one.
            if attempt == _RESTARTS:
                raise OSError(
                    f"the pool of processes broke {attempt + 1} times, {len(left)} chunks are missing"
                ) from None


def _through(
    executor: Executor, width: int, document: Mapping[str, Any], todo: list[int]
) -> Iterator[tuple[int, FloatArray]]:
    running: dict[Future[FloatArray], int] = {}
    queue = iter(todo)
    while True:
        # A few more than there are workers keeps them busy without holding many results in memory.
        while len(running) < 2 * width and (index := next(queue, None)) is not None:
            with _interrupts_held():
                # May start a process.
                running[executor.submit(compute_chunk, document, index)] = index
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            yield running.pop(future), future.result()


@contextmanager
def _executor(workers: int, scheduler: str | None, tasks: int) -> Iterator[tuple[Executor, int]]:
    if scheduler is None:
        # More processes than chunks would have nothing to do.
        width = max(1, min(workers or os.cpu_count() or 1, tasks))
        with _processes(width) as pool:
            yield pool, width
        return
    # Only a scan on a cluster needs it.
    from distributed import Client

    with Client(scheduler, timeout="20s", set_as_default=False) as client:
        width = max(1, sum(client.nthreads().values()))
        with client.get_executor(pure=False, retries=_RESTARTS) as pool:
            yield pool, width


@contextmanager
def _processes(width: int) -> Iterator[Executor]:
    """Open a pool of processes that end with this one, or at once when the work is interrupted, without a word."""
    # Started here, because the start would let interrupts through later.
    resource_tracker.ensure_running()
    context = get_context("spawn")
    reader, writer = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(width, mp_context=context, initializer=_end_with, initargs=(reader,))
    with reader, writer, pool:
        try:
            yield pool
        except BaseException:
            # Otherwise the pool would wait for chunks that nobody takes.
            writer.close()
            raise


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back for a moment; processes started meanwhile hold it back for good."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with(reader: Connection) -> None:
    """End this process when nobody holds the other end of the pipe any more: the parent closed it or is gone."""

    def watch() -> None:
        with suppress(EOFError, OSError):
            reader.recv_bytes()
        os._exit(1)

    # The parent says what there is to say about Ctrl-C, and ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=watch, daemon=True).start()
