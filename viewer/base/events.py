"""Event[T]: says that state has changed; subscribers are called in order, on the caller's thread."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Event(Generic[T]):
    """One kind of change. Emit on the GUI thread only, as all holders do."""

    def __init__(self) -> None:
        self._subscribers: list[Callable[[T], None]] = []

    def subscribe(self, subscriber: Callable[[T], None]) -> Callable[[], None]:
        """Call `subscriber` at each emit; the returned function ends it."""
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)

    def emit(self, value: T) -> None:
        """Tell every subscriber; one added meanwhile waits for the next emit."""
        for subscriber in tuple(self._subscribers):
            subscriber(value)
