"""Receiver: our own Storage SCP, which keeps what is sent to it and answers success only once it is on the disk.

It also answers C-ECHO and takes the answers of storage commitment. pynetdicom runs it in threads of its own.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pydicom.dataset import Dataset
from pynetdicom import AE, AllStoragePresentationContexts, _config, evt
from pynetdicom.sop_class import StorageCommitmentPushModel, Verification
from pynetdicom.transport import ThreadedAssociationServer

from viewer.base.errors import NetworkError
from viewer.base.i18n import _
from viewer.dicom.network.arrival import (
    NOT_AUTHORISED,
    NOT_UNDERSTOOD,
    OUT_OF_RESOURCES,
    SUCCESS,
    Arrival,
    Heading,
    Unreadable,
    keep,
)
from viewer.dicom.network.association import LARGEST_PDU, tuned
from viewer.dicom.network.incoming import IncomingFolder
from viewer.dicom.network.node import LOOPBACK, Tls
from viewer.dicom.network.syntaxes import ACCEPTED
from viewer.dicom.network.tls import server_context

_config.UNRESTRICTED_STORAGE_SERVICE = True
"""Objects of storage classes this version of pynetdicom has not heard of are kept as well."""

MOST_ASSOCIATIONS = 20

Accept = Callable[[str, Heading], bool]
OnArrival = Callable[[Arrival], None]


def everything(_sender: str, _heading: Heading) -> bool:
    """Take whatever comes."""
    return True


@dataclass(frozen=True)
class Receiving:
    """How we listen. address: of this computer, "" for all. senders: AE titles allowed, none for any.

    silence: seconds after which a sender that says nothing is cut off.
    """

    ae_title: str = "SECONDREAD"
    port: int = 11112
    address: str = LOOPBACK
    senders: tuple[str, ...] = ()
    tls: Tls = field(default_factory=Tls)
    silence: float = 30.0


class Receiver:
    """A running SCP; made by `received_here` or `start`. Its callbacks come from several threads."""

    def __init__(
        self,
        settings: Receiving,
        folder: IncomingFolder,
        on_arrival: OnArrival,
        accept: Accept = everything,
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._accept = accept
        self._on_arrival = on_arrival
        self._server: ThreadedAssociationServer | None = None
        self._told = threading.Condition()
        self.committed: dict[str, Dataset] = {}
        """Answers of storage commitment by Transaction UID."""
        self.disk_fault: OSError | None = None
        self.not_taken = 0

    def start(self) -> None:
        """Listen; raises NetworkError when the port cannot be had."""
        settings = self._settings
        ours = AE(ae_title=settings.ae_title)
        ours.maximum_pdu_size = LARGEST_PDU
        ours.maximum_associations = MOST_ASSOCIATIONS
        ours.require_called_aet = True
        ours.require_calling_aet = list(settings.senders)
        ours.acse_timeout = ours.dimse_timeout = ours.network_timeout = settings.silence
        ours.supported_contexts = AllStoragePresentationContexts
        for context in ours.supported_contexts:
            context.transfer_syntax = ACCEPTED
        ours.add_supported_context(Verification)
        ours.add_supported_context(StorageCommitmentPushModel, scu_role=True, scp_role=True)
        tls = server_context(settings.tls) if settings.tls.on else None
        handlers = [
            tuned(settings.silence),
            (evt.EVT_C_STORE, self._store),
            (evt.EVT_N_EVENT_REPORT, self.take_report),
        ]
        try:
            self._server = ours.start_server(
                (settings.address, settings.port),
                block=False,
                ssl_context=tls,
                evt_handlers=handlers,
                contexts=ours.supported_contexts,
            )
        except (OSError, OverflowError) as error:
            raise NetworkError(
                _(
                    "The receiver cannot listen at port {port}: {reason}. Another program may use that port."
                ).format(port=settings.port, reason=getattr(error, "strerror", None) or error)
            ) from error

    def stop(self) -> None:
        """Stop listening and end every association."""
        if self._server is not None:
            self._server.shutdown()
            self._server = None

    def wait_committed(self, transaction_uid: str, seconds: float) -> Dataset | None:
        """The answer to a storage commitment, or None when it does not come in time."""
        with self._told:
            self._told.wait_for(lambda: transaction_uid in self.committed, seconds)
            return self.committed.pop(transaction_uid, None)

    def _store(self, event: evt.Event) -> int:
        sender = event.assoc.requestor.ae_title.strip()
        try:
            arrival = keep(
                self._folder,
                event.request.DataSet.getbuffer(),
                event.context.transfer_syntax,
                sender,
                lambda heading: self._accept(sender, heading),
            )
        except Unreadable:
            return NOT_UNDERSTOOD
        except OSError as error:
            self.disk_fault = error
            return OUT_OF_RESOURCES
        if arrival is None:
            self.not_taken += 1
            return NOT_AUTHORISED
        self._on_arrival(arrival)
        return SUCCESS

    def take_report(self, event: evt.Event) -> tuple[int, None]:
        """Handler of N-EVENT-REPORT: the answer of a storage commitment, on whatever association it comes."""
        answer = event.event_information
        with self._told:
            self.committed[str(answer.get("TransactionUID", ""))] = answer
            self._told.notify_all()
        return SUCCESS, None


_running: dict[int, Receiver] = {}
"""Receivers by port, so that a C-MOVE uses the site's listener where that has the port already."""


@contextmanager
def received_here(
    settings: Receiving,
    folder: IncomingFolder,
    on_arrival: OnArrival,
    accept: Accept = everything,
) -> Iterator[Receiver]:
    """A receiver at `settings.port`: the one that listens there already, else one for the time of the block."""
    shared = _running.get(settings.port)
    if shared is not None:
        yield shared
        return
    receiver = Receiver(settings, folder, on_arrival, accept)
    receiver.start()
    _running[settings.port] = receiver
    try:
        yield receiver
    finally:
        del _running[settings.port]
        receiver.stop()
