"""Golden tests of a package: a stored input must give the stored outputs, within the stated tolerance."""

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.inference.manifest_parts import GoldenTest, InputSpec
from viewer.inference.model_package import ModelPackage
from viewer.inference.session import Device, InferenceSession, open_session

Arrays = Mapping[str, NDArray[np.float32]]
_UNREADABLE = (OSError, ValueError, EOFError, AttributeError, zipfile.BadZipFile, zlib.error)


def golden_problems(package: ModelPackage, device: Device = Device.CPU) -> tuple[str, ...]:
    """Run every golden test of the package; a sentence for each that fails."""
    try:
        session = open_session(package, device)
        results = [_problem(package, golden, session) for golden in package.manifest.golden]
    except ViewerError as error:
        return (str(error),)
    return tuple(problem for problem in results if problem)


def _problem(package: ModelPackage, golden: GoldenTest, session: InferenceSession) -> str:
    spec, names = package.manifest.input, [out.tensor for out in package.manifest.outputs]
    arrays = _arrays(package.folder / golden.file)
    missing = [name for name in (spec.tensor, *names) if name not in arrays]
    if missing:
        return _("Golden test {file}: no array {names}.").format(
            file=golden.file, names=", ".join(missing)
        )
    if arrays[spec.tensor].size != np.prod(spec.shape):
        return _("Golden test {file}: the input has another size.").format(file=golden.file)
    feeds = {spec.tensor: _tensor(arrays[spec.tensor], spec)}
    found = session.run(feeds, names, lambda stop: None).tensors
    return next((told for name in names if (told := _departure(golden, name, arrays, found))), "")


def _departure(golden: GoldenTest, name: str, expected: Arrays, found: Arrays) -> str:
    if expected[name].size != found[name].size:
        return _("Golden test {file}: {name} has another size.").format(file=golden.file, name=name)
    difference = float(np.abs(expected[name].ravel() - found[name].ravel()).max())
    if difference <= golden.tolerance:
        return ""
    return _("Golden test {file}: {name} departs by {found:.3g}, allowed is {allowed:.3g}.").format(
        file=golden.file, name=name, found=difference, allowed=golden.tolerance
    )


def _tensor(values: NDArray[np.float32], spec: InputSpec) -> NDArray[np.float32]:
    return np.ascontiguousarray(values, dtype=np.float32).reshape(spec.shape)


def _arrays(path: Path) -> Arrays:
    """The arrays of an .npz; {} when the file is none. Never unpickles."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except _UNREADABLE:
        return {}
