"""Forked processes, from a test process in which libraries may have started threads."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from typing import Any


def forked(work: Callable[[], Any]) -> int:
    """Start ``work`` in a forked process and return the process's number; its status is 0 when nothing was raised.

    JAX and Python warn of threads that do not come along. The work may not need them.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return pid
