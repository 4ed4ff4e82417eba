"""One Orthanc for the tests of a module, emptied before each test that uses it."""

from collections.abc import Iterator

import pytest
from pacs_partners import Orthanc, running_orthanc


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    with running_orthanc(tmp_path_factory.mktemp("orthanc")) as orthanc:
        yield orthanc


@pytest.fixture
def orthanc(running: Orthanc) -> Orthanc:
    running.empty()
    return running
