"""The runtime of the networks neither writes an identifier of this machine nor opens a connection."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from model_packages import build_package

SCRIPT = """
import socket, sys, time
from pathlib import Path

def refuse(*_arguments):
    raise AssertionError("a connection was opened")

socket.socket.connect = refuse
from viewer.inference.model_store import load_package
from viewer.inference.session import Device, SessionPool
import numpy as np
package = load_package(Path(sys.argv[1]))
session = SessionPool().get(package, Device.CPU)
session.run({"image": np.zeros((1, 1, 128, 128), np.float32)}, ["probabilities"], lambda stop: None)
time.sleep(1)
"""


def written_below(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows telemetry goes through the system")
def test_running_a_network_leaves_no_trace_in_the_home_folder(tmp_path: Path) -> None:
    package, home = build_package(tmp_path / "package"), tmp_path / "home"
    home.mkdir()
    environment = {**os.environ, "HOME": str(home)}
    for name in ("ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME", "CI", "PYTEST_CURRENT_TEST"):
        environment.pop(name, None)
    subprocess.run([sys.executable, "-c", SCRIPT, str(package)], env=environment, check=True)
    assert written_below(home) == []
