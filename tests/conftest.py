"""What all tests share: the real data beside the project, where a machine has it, and a home of their own."""

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real images; skips where a clone has none."""
    if not SHARED_DATA.is_dir():
        pytest.skip("real images of ../shared/data are not on this machine")
    return SHARED_DATA


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, cases and logs of each test go to a folder of its own."""
    home = tmp_path_factory.mktemp("secondread_home")
    monkeypatch.setenv("SECONDREAD_HOME", str(home))
    return home
