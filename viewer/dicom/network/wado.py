"""WADO-RS: instances as parts of one answer, each kept as soon as it is whole (PS3.18 10.4)."""

from collections.abc import Sequence
from email.message import Message
from io import BytesIO

import requests
from pydicom.errors import InvalidDicomError

from viewer.base.i18n import _
from viewer.dicom.network.arrival import Unreadable, keep
from viewer.dicom.network.faults import fault
from viewer.dicom.network.multipart import parts
from viewer.dicom.network.node import Node, Watch
from viewer.dicom.network.part10 import file_start
from viewer.dicom.network.tally import Tally
from viewer.dicom.network.web import ask, session
from viewer.domain.pacs import InstanceRef

ACCEPT = 'multipart/related; type="application/dicom"; transfer-syntax=*'
"""As stored, whatever the transfer syntax (PS3.18 8.7.3.5.2)."""

CHUNK = 2**18


def wado_instances(node: Node, tally: Tally, missing: Sequence[InstanceRef], watch: Watch) -> None:
    """Fetch `missing`: series of which nothing is there as a whole, the rest one by one."""
    with session(node, watch) as opened:
        for series_uid, refs, all_of_it in tally.by_series(missing):
            series = f"/studies/{tally.study_uid}/series/{series_uid}"
            single = [f"{series}/instances/{ref.sop_instance_uid}" for ref in refs]
            for path in [series] if all_of_it else single:
                _fetch(node, opened, path, tally, watch)


def _fetch(node: Node, opened: requests.Session, path: str, tally: Tally, watch: Watch) -> None:
    headers = {"Accept": ACCEPT}
    answer = ask(node, opened, "GET", path, watch, (200, 206), headers=headers, stream=True)
    with answer:
        for part in parts(answer.iter_content(CHUNK), _boundary(node, answer)):
            _keep(node, tally, part)


def _boundary(node: Node, answer: requests.Response) -> bytes:
    message = Message()
    message["Content-Type"] = answer.headers.get("Content-Type", "")
    found = message.get_boundary()
    if not found:
        raise fault(node, _("it did not send DICOM objects"))
    return found.encode()


def _keep(node: Node, tally: Tally, part: bytes) -> None:
    try:
        start = file_start(BytesIO(part))
        arrival = keep(tally.folder, memoryview(part)[start.offset :], start.syntax)
    except (InvalidDicomError, Unreadable, AttributeError, KeyError, ValueError) as error:
        raise fault(node, _("it sent something that is no readable DICOM object")) from error
    except OSError as error:
        tally.disk = error
        raise fault(node, _("an image could not be kept")) from error
    if arrival is not None:
        tally.count(arrival)
