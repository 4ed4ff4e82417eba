"""TLS contexts of both sides: the peer's certificate is always checked, as client its name as well."""

import ssl

from viewer.base.errors import NetworkError
from viewer.base.i18n import _
from viewer.dicom.network.node import Tls


def client_context(tls: Tls) -> ssl.SSLContext:
    """For connections we open; raises NetworkError when a file cannot be used."""
    return _with_files(ssl.create_default_context(ssl.Purpose.SERVER_AUTH), tls)


def server_context(tls: Tls) -> ssl.SSLContext:
    """For connections we take; with a CA file, callers must show a certificate of it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    if tls.ca:
        context.verify_mode = ssl.CERT_REQUIRED
    return _with_files(context, tls)


def _with_files(context: ssl.SSLContext, tls: Tls) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if tls.ca:
            context.load_verify_locations(tls.ca)
        if tls.certificate:
            context.load_cert_chain(tls.certificate, tls.key or None)
    except (OSError, ssl.SSLError) as error:
        files = ", ".join(file for file in (tls.ca, tls.certificate, tls.key) if file)
        raise NetworkError(
            _("The TLS files {files} cannot be used: {reason}.").format(
                files=files, reason=error.strerror or type(error).__name__
            )
        ) from error
    return context
