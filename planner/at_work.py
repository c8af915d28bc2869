"""What long work is at: the library says it here, and a command that somebody watches shows it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[..., None]
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def at_work(key: str, **facts: object) -> None:
    """A sentence of the catalogue on what begins now; nothing where nobody listens."""
    listener = _listener.get()
    if listener is not None:
        listener(key, **facts)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """While it is entered, `listener(key, **facts)` hears what this thread is at."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)
