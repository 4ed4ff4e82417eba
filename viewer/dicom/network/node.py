"""Node: another system, how it is reached and what is used to prove who we are."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

LOOPBACK = "127.0.0.1"
"""The address that only this computer reaches."""


class NodeKind(Enum):
    """How a node is spoken to."""

    DICOM = "dicom"
    WEB = "dicomweb"
    HL7 = "hl7"


SUFFIXES = {NodeKind.DICOM: ".dcm", NodeKind.WEB: ".dcm", NodeKind.HL7: ".hl7"}
"""Of the files that a node of each kind takes."""


class Login(Enum):
    """How a DICOMweb node knows us; the secret itself is `Node.secret`."""

    NONE = "none"
    BASIC = "basic"
    TOKEN = "token"


class Retrieval(Enum):
    """How images are fetched from a DICOM node."""

    GET = "get"
    MOVE = "move"


@dataclass(frozen=True)
class Tls:
    """TLS of a DICOM connection, as files in PEM. ca: whom we trust; empty: the system's authorities."""

    on: bool = False
    ca: str = ""
    certificate: str = ""
    key: str = ""


@dataclass(frozen=True)
class Timeouts:
    """Seconds. connect: until the connection stands; answer: between two signs of life of the node."""

    connect: float = 10.0
    answer: float = 30.0


@dataclass(frozen=True)
class Node:
    """A PACS, a worklist provider or another workstation.

    own_ae_title, own_port: how the node knows us, and where it finds us for C-MOVE and storage
    commitment. commitment: ask the node to take responsibility for what was sent. secret: password or
    token; filled from the secret store, never written with the settings and never printed.
    """

    name: str
    kind: NodeKind = NodeKind.DICOM
    ae_title: str = ""
    host: str = ""
    port: int = 104
    own_ae_title: str = "SECONDREAD"
    own_port: int = 11112
    retrieval: Retrieval = Retrieval.GET
    commitment: bool = False
    tls: Tls = field(default_factory=Tls)
    timeouts: Timeouts = field(default_factory=Timeouts)
    url: str = ""
    login: Login = Login.NONE
    user: str = ""
    secret: str = field(default="", repr=False)


class Watch(Protocol):
    """What long network work is watched by; a JobContext is one."""

    @property
    def cancelled(self) -> bool: ...

    def on_cancel(self, stop: Callable[[], None]) -> None: ...

    def wait(self, seconds: float) -> None: ...
