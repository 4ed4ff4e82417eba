"""The commands of the program: found by walking viewer/app/commands, one topic a module."""

from functools import cache

from viewer.app import commands
from viewer.app.topic import Topic
from viewer.base.registry import discover


@cache
def topics() -> dict[str, Topic]:
    """All topics by key, in the order of the menus."""
    found = discover(commands, Topic)
    return dict(sorted(found.items(), key=lambda item: item[1].order))
