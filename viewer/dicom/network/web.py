"""HTTP to a DICOMweb node: who we are, time-outs, and faults in words (PS3.18)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from viewer.base.errors import Cancelled, NetworkError
from viewer.base.i18n import _
from viewer.dicom.network.faults import fault
from viewer.dicom.network.node import Login, Node, Watch

JSON = "application/dicom+json"
Words = Callable[[], str]

HTTP_FAULTS: dict[int, Words] = {
    401: lambda: _("it does not accept our login (401). Check user, password or token"),
    403: lambda: _("it does not allow us to do this (403)"),
    404: lambda: _("there is nothing at this address (404). Check the DICOMweb URL of the node"),
    409: lambda: _("it did not take what was sent (409)"),
    413: lambda: _("what was asked for or sent is too large for it (413)"),
    415: lambda: _("it does not take this kind of data (415)"),
    429: lambda: _("it has too many requests just now (429). Try again later"),
    503: lambda: _("it is not available just now (503). Try again later"),
    507: lambda: _("it is out of space (507)"),
}


class _Token(AuthBase):
    """A bearer token (RFC 6750)."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


@contextmanager
def session(node: Node, watch: Watch | None = None) -> Iterator[requests.Session]:
    """A session with the node's login and TLS files; requests' own faults become NetworkErrors."""
    with requests.Session() as opened:
        opened.trust_env = False
        opened.auth = _auth(node)
        opened.verify = node.tls.ca or True
        if node.tls.certificate:
            key = node.tls.key
            opened.cert = (node.tls.certificate, key) if key else node.tls.certificate
        try:
            yield opened
        except requests.RequestException as error:
            if watch is not None and watch.cancelled:
                raise Cancelled from None
            raise fault(node, _words(node, error)) from None
        except OSError as error:
            raise fault(node, _certificate_words(error)) from error


def ask(
    node: Node,
    opened: requests.Session,
    method: str,
    path: str,
    watch: Watch | None = None,
    taken: tuple[int, ...] = (200, 204),
    **options: Any,
) -> requests.Response:
    """One request below the node's URL; a status that is not in `taken` is a NetworkError."""
    times = (node.timeouts.connect, node.timeouts.answer)
    url = f"{node.url.rstrip('/')}{path}"
    answer = opened.request(method, url, timeout=times, allow_redirects=False, **options)
    if watch is not None:
        watch.on_cancel(answer.close)
    if answer.status_code not in taken:
        answer.close()
        raise fault(node, http_words(answer.status_code))
    return answer


def http_words(status: int) -> str:
    """What a status of HTTP means."""
    known = HTTP_FAULTS.get(status)
    return known() if known else _("it answered with HTTP status {status}").format(status=status)


def web_echo(node: Node) -> float:
    """Seconds until the node answered a search for one study; raises NetworkError."""
    with session(node) as opened:
        answer = ask(node, opened, "GET", "/studies", params={"limit": 1}, headers={"Accept": JSON})
        if answer.status_code == 200:
            json_of(node, answer)
        return answer.elapsed.total_seconds()


def json_of(node: Node, answer: requests.Response) -> list[dict[str, Any]]:
    """The objects of a DICOM JSON answer; raises NetworkError for anything else."""
    if answer.status_code == 204:
        return []
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise fault(node, _("what answers at {url} is not DICOMweb").format(url=node.url))
    return found


def _auth(node: Node) -> AuthBase | None:
    if node.login is Login.BASIC:
        return HTTPBasicAuth(node.user.encode(), node.secret.encode())
    return _Token(node.secret) if node.login is Login.TOKEN else None


def _words(node: Node, error: requests.RequestException) -> str:
    place = urlsplit(node.url).netloc or node.url
    if isinstance(error, requests.exceptions.SSLError):
        expired = "expired" in str(error)
        known = _("its certificate has expired. Its operator must renew it")
        return known if expired else _("its certificate is not accepted. Check the CA file")
    if isinstance(error, requests.Timeout):
        return _("no answer from {place} in time").format(place=place)
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema):
        return _("{url} is not a URL. It begins with https:// or http://").format(url=node.url)
    if "resolve" in str(error) or "Name or service" in str(error):
        return _("the host of {place} is not known").format(place=place)
    if "refused" in str(error):
        return _("nothing listens at {place}. Check the URL, and whether it runs").format(
            place=place
        )
    return _("the connection to {place} broke").format(place=place)


def _certificate_words(error: OSError) -> str:
    return _("a certificate file cannot be used ({reason})").format(
        reason=error.strerror or str(error).split(":")[0]
    )


def not_web(node: Node) -> NetworkError:
    """Asked of a DICOMweb node what only DIMSE can do."""
    return fault(node, _("a DICOMweb node does not offer this; use its DICOM connection"))
