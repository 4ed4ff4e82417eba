"""Which of what is sent to us is taken: rules by sender, modality and body part; the first that fits decides."""

from dataclasses import dataclass, field

from viewer.dicom.network.arrival import Heading
from viewer.dicom.network.node import LOOPBACK, Tls
from viewer.dicom.network.receiver import Receiving


@dataclass(frozen=True)
class Rule:
    """Empty parts fit everything; several values are parted by commas. take: whether what fits is taken."""

    sender: str = ""
    modality: str = ""
    body_part: str = ""
    take: bool = True

    def fits(self, sender: str, heading: Heading) -> bool:
        """Whether the rule speaks of this instance."""
        pairs = (
            (self.sender, sender),
            (self.modality, heading.modality),
            (self.body_part, heading.body_part),
        )
        return all(_among(stated, value) for stated, value in pairs)


@dataclass(frozen=True)
class Listener:
    """The site's own receiver. senders: AE titles allowed, none for any. quiet_s: seconds without another
    image after which a study counts as complete and the models run on it. Without rules all is taken.
    """

    on: bool = False
    ae_title: str = "SECONDREAD"
    port: int = 11112
    address: str = LOOPBACK
    senders: tuple[str, ...] = ()
    tls: Tls = field(default_factory=Tls)
    quiet_s: float = 30.0
    rules: tuple[Rule, ...] = ()

    @property
    def receiving(self) -> Receiving:
        """How the receiver listens."""
        return Receiving(self.ae_title, self.port, self.address, self.senders, self.tls)


def is_taken(rules: tuple[Rule, ...], sender: str, heading: Heading) -> bool:
    """The first rule that fits decides; where rules are stated and none fits, it is not taken."""
    fitting = (rule.take for rule in rules if rule.fits(sender, heading))
    return next(fitting, not rules)


def _among(stated: str, value: str) -> bool:
    wanted = [part.strip().casefold() for part in stated.split(",") if part.strip()]
    return not wanted or value.strip().casefold() in wanted
