"""What went wrong on the network, in words: refused, unknown host, wrong AE, expired certificate, no answer."""

import errno
import socket
import ssl
from collections.abc import Callable

from viewer.base.errors import NetworkError
from viewer.base.i18n import _
from viewer.dicom.network.node import Node

EXPIRED = 10
"""X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL."""

HOSTNAME_MISMATCH = 62
"""X509_V_ERR_HOSTNAME_MISMATCH of OpenSSL."""

ADDRESS_MISMATCH = 64
"""X509_V_ERR_IP_ADDRESS_MISMATCH of OpenSSL."""

Words = Callable[[], str]

CERTIFICATE_FAULTS: dict[int, Words] = {
    EXPIRED: lambda: _(
        "its certificate has expired. Its operator must renew it; check this computer's clock as well"
    ),
    9: lambda: _("its certificate is not valid yet. Check the clocks of both computers"),
    18: lambda: _(
        "it shows a self-signed certificate. Name that certificate as CA file of the node"
    ),
    19: lambda: _("its certificate is not from a trusted authority. Name the CA file of the node"),
    20: lambda: _("its certificate is not from a trusted authority. Name the CA file of the node"),
    HOSTNAME_MISMATCH: lambda: _("its certificate is for another host name"),
    ADDRESS_MISMATCH: lambda: _("its certificate is for another address"),
}

REJECTIONS: dict[tuple[int, int], Words] = {
    (1, 1): lambda: _("it refused the association without giving a reason"),
    (1, 2): lambda: _("it does not know DICOM's application context"),
    (1, 3): lambda: _(
        "it does not know our AE title {own}. Ask its operator to enter it, with this computer's address"
    ),
    (1, 7): lambda: _("it is not called {called}. Correct the AE title of the node"),
    (2, 1): lambda: _("it refused the association without giving a reason"),
    (2, 2): lambda: _("it speaks another version of the protocol"),
    (3, 1): lambda: _("it has too many connections just now. Try again later"),
    (3, 2): lambda: _("it has no room for another connection just now. Try again later"),
}
"""(source, diagnostic) of an A-ASSOCIATE-RJ (PS3.8 table 9-21)."""

STATUSES: dict[int, Words] = {
    0x0122: lambda: _("it does not serve this kind of object (SOP class not supported)"),
    0x0124: lambda: _("it does not allow us to do this (not authorised)"),
    0x0211: lambda: _("it does not know this operation"),
    0xA700: lambda: _("it is out of space or other resources"),
    0xA701: lambda: _("it is out of resources and cannot count the matches"),
    0xA702: lambda: _("it is out of resources and could not send the images"),
    0xA801: lambda: _(
        "it does not know {own} as a destination. Ask its operator to enter our AE title, address and port"
    ),
    0xA900: lambda: _("what was sent does not fit the SOP class"),
    0xC000: lambda: _("it could not understand what was sent"),
    0xFE00: lambda: _("it stopped the operation"),
}
"""Failure statuses of C-STORE, C-FIND, C-GET and C-MOVE (PS3.4 B.2.3, C.4.1.1.4)."""


def fault(node: Node, reason: str) -> NetworkError:
    """The error on `node`; reason: a clause without a full stop."""
    return NetworkError(_("{name}: {reason}.").format(name=node.name, reason=reason))


def connection_words(node: Node, error: Exception) -> str:
    """Why no connection stands, from the exception of a socket."""
    place = f"{node.host}:{node.port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        words = CERTIFICATE_FAULTS.get(error.verify_code)
        return words() if words else _("its certificate is not accepted")
    if isinstance(error, ssl.SSLError):
        return _("it does not speak TLS at {place}, or not as we do ({reason})").format(
            place=place, reason=error.reason or type(error).__name__
        )
    if isinstance(error, socket.gaierror):
        return _("the host {host} is not known. Check its name").format(host=node.host)
    if isinstance(error, TimeoutError):
        return _(
            "no answer from {place} within {seconds:g} s. Check address, network and firewall"
        ).format(place=place, seconds=node.timeouts.connect)
    if isinstance(error, ConnectionRefusedError):
        return _("nothing listens at {place}. Check address and port, and whether it runs").format(
            place=place
        )
    if isinstance(error, ConnectionError) and node.tls.on:
        return _(
            "{place} closed the connection when we began TLS. It may speak plain DICOM"
        ).format(place=place)
    if isinstance(error, OSError) and error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return _("{place} cannot be reached from here. Check the network").format(place=place)
    return _("the connection to {place} failed ({reason})").format(
        place=place, reason=getattr(error, "strerror", None) or type(error).__name__
    )


def rejection_words(node: Node, source: int, diagnostic: int) -> str:
    """Why the association was rejected."""
    words = REJECTIONS.get((source, diagnostic), REJECTIONS[1, 1])
    return words().format(own=node.own_ae_title, called=node.ae_title)


def status_words(node: Node, status: int) -> str:
    """What a failure status means."""
    known = STATUSES.get(status) or STATUSES.get(status & 0xFF00)
    words = known() if known else _("it reports a failure")
    return f"{words.format(own=node.own_ae_title)} ({status:#06x})"


def disk_words(error: OSError) -> str:
    """Why an instance could not be kept."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _(
            "the disk of this computer is full. Make room, then fetch again: what arrived is kept"
        )
    return _("a file could not be written on this computer ({reason})").format(
        reason=error.strerror or type(error).__name__
    )
