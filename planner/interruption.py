"""Ctrl-C and SIGTERM as a wish to stop that long work hears at its next pause, so that nothing found is lost."""

import _thread
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, NoReturn

SIGNALS = (signal.SIGINT, signal.SIGTERM)
AGAIN_S = 0.05


class Interruption:
    """While it is entered, the first Ctrl-C or SIGTERM only sets `asked`; a second one is a KeyboardInterrupt.

    Outside the main thread, where no signal arrives, it does nothing.
    """

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> "Interruption":
        self._before = _replaced(self._on_signal)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        _restore(self._before)

    def _on_signal(self, number: int, at: FrameType | None) -> None:  # noqa: ARG002
        if self.asked:
            insist()
        self.asked = True


class Undisturbed:
    """Clearing up: Ctrl-C and SIGTERM are not heard until it is done, which takes a moment."""

    def __enter__(self) -> None:
        self._before = _replaced(signal.SIG_IGN)

    def __exit__(self, *_: object) -> None:
        _restore(self._before)


class _Insistence:
    """Whether a second signal has come since a command began."""

    heard = False


def insist() -> NoReturn:
    """A second signal: the program ends at once, wherever it stands."""
    _Insistence.heard = True
    raise KeyboardInterrupt


def insisted() -> bool:
    """Whether it did; a KeyboardInterrupt that meets C code, or a module while it loads, can change into another."""
    return _Insistence.heard


def begin_anew() -> None:
    """Forget what came before this command."""
    _Insistence.heard = False


def hear_again() -> None:
    """Raise a Ctrl-C once more that meets Python clearing an object up, where it is lost with a traceback otherwise."""
    told = sys.unraisablehook

    def hook(lost: Any) -> None:
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            told(lost)
            return
        later = threading.Timer(AGAIN_S, _thread.interrupt_main)
        later.daemon = True
        later.start()

    sys.unraisablehook = hook


def hear_no_more() -> None:
    """Ignore Ctrl-C and SIGTERM from now on."""
    _replaced(signal.SIG_IGN)


def _replaced(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> dict[signal.Signals, Any]:
    if threading.current_thread() is not threading.main_thread():
        return {}
    return {number: signal.signal(number, handler) for number in SIGNALS}


def _restore(handlers: dict[signal.Signals, Any]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, signal.SIG_DFL if handler is None else handler)
