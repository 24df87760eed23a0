"""Hears on Windows that the window was closed, the user signed out or the machine shuts down.

There is no signal for it: the system calls a function on a thread of its own, and ends the program when that returns or
after about five seconds.
"""

import ctypes
from collections.abc import Callable
from typing import Any

CLOSING_EVENTS = (2, 5, 6)
"""CTRL_CLOSE_EVENT, CTRL_LOGOFF_EVENT, CTRL_SHUTDOWN_EVENT of SetConsoleCtrlHandler."""

_handlers_kept_alive: list[object] = []
"""The system holds no reference to what it calls."""


def when_window_closes(work: Callable[[], object]) -> bool:
    """Have `work` done then; returns whether the system will call. Windows only."""

    def called(event: int) -> int:
        if event not in CLOSING_EVENTS:
            return 0
        work()
        return 1

    windll: Any = vars(ctypes)["windll"]
    function_type = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)
    handler = function_type(ctypes.c_int, ctypes.c_uint)(called)
    _handlers_kept_alive.append(handler)
    return bool(windll.kernel32.SetConsoleCtrlHandler(handler, 1))
