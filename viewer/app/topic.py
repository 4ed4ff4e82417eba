"""Command and Topic: something the reader can do, with title, key and icon, and the menu it stands in."""

from collections.abc import Callable
from dataclasses import dataclass, field

from viewer.app.workbench import Workbench
from viewer.base.i18n import _

Act = Callable[[Workbench], None]
Test = Callable[[Workbench], bool]


@dataclass(frozen=True)
class Command:
    """One act. source_title: English, translated when shown. shortcuts: Qt key names; the first is shown.

    checked: for acts that switch something on and off, whether it is on now. toolbar: whether it has a
    button there.
    """

    key: str
    source_title: str
    act: Act
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    enabled: Test = lambda _workbench: True
    checked: Test | None = None
    toolbar: bool = False

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return _(self.source_title)


@dataclass
class Topic:
    """A menu: its commands in order. key: also of the registry; order: of the menus.

    group_starts: places of the commands before which the menu has a line.
    """

    key: str
    source_title: str
    order: int
    commands: list[Command] = field(default_factory=list)
    group_starts: set[int] = field(default_factory=set)

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return _(self.source_title)

    def new_group(self) -> None:
        """What is added from here on stands below a line."""
        self.group_starts.add(len(self.commands))

    def command(
        self,
        title: str,
        *shortcuts: str,
        icon: str = "",
        enabled: Test = lambda _workbench: True,
        checked: Test | None = None,
        toolbar: bool = False,
    ) -> Callable[[Act], Act]:
        """Decorate a function of a workbench: it becomes a command of this topic."""

        def register(act: Act) -> Act:
            key = f"{self.key}.{act.__name__}"
            self.commands.append(
                Command(key, title, act, shortcuts, icon, enabled, checked, toolbar)
            )
            return act

        return register


def has_image(workbench: Workbench) -> bool:
    """Whether something is shown."""
    return workbench.session.shown is not None
