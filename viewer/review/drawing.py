"""Drawing: an annotation with what was measured on it when it was last touched."""

from dataclasses import dataclass

from viewer.domain.measurement import Annotation, Measurement


@dataclass(frozen=True)
class Drawing:
    """What the reader drew and the numbers it gave; both go to the report."""

    annotation: Annotation
    measurements: tuple[Measurement, ...] = ()

    @property
    def uid(self) -> str:
        """Of the annotation."""
        return self.annotation.uid
