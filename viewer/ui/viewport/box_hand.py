"""BoxHand: while a finding is being corrected, a left drag lays its box on the image."""

from viewer.app.editing import drag_box
from viewer.app.session import Session
from viewer.domain.finding import PointPx


class BoxHand:
    """Holds the corner where the drag began."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._start: PointPx | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a box is being dragged."""
        return self._start is not None

    def press(self, at: PointPx) -> bool:
        """The left button went down; whether a box begins here."""
        self._start = at if self._session.editing is not None else None
        return self.is_busy

    def move(self, to: PointPx) -> None:
        """The opposite corner follows the pointer."""
        if self._start is not None:
            drag_box(self._session, self._start, to)

    def release(self) -> None:
        """The box stays as it is."""
        self._start = None
