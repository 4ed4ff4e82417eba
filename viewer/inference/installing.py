"""Puts a model package, a folder or a zip, among the models; only what passes every check gets there."""

import shutil
import tempfile
from pathlib import Path

from viewer.base.errors import ModelError
from viewer.base.i18n import _
from viewer.inference.manifest import MANIFEST_NAME, Manifest, load_manifest
from viewer.inference.model_package import read_package
from viewer.inference.model_store import check_package
from viewer.inference.unpacking import is_zip, unpack

DRAFT = ".install_"
"""Begins the name of what is not yet checked; no folder of that name is looked into at start-up."""


def is_package(path: Path) -> bool:
    """Whether a path looks like a package to install: a folder with a manifest, the manifest, or a zip."""
    return (path / MANIFEST_NAME).is_file() or path.name == MANIFEST_NAME or is_zip(path)


def install(source: Path, models: Path) -> Path:
    """Check a package, golden tests included, and put it below `models`; returns its folder there.

    Parameters
    ----------
    source : the package's folder, its manifest.json, or a zip of it
    models : the folder of the reader's own models

    Raises
    ------
    ModelError : it fails a check, cannot be unpacked or written, or that version is there already; then
        nothing is left behind
    """
    try:
        models.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=models, prefix=DRAFT) as scratch:
            return _installed(_found(source, Path(scratch)), models, Path(scratch))
    except OSError as error:
        raise ModelError(
            _("{path} cannot be written: {reason}.").format(path=models, reason=error.strerror)
        ) from error


def problems_of(source: Path) -> tuple[str, ...]:
    """All that is wrong with a package, a zip unpacked for it; empty when nothing is."""
    if not is_zip(source):
        return check_package(source)
    with tempfile.TemporaryDirectory() as scratch:
        try:
            return check_package(_found(source, Path(scratch)))
        except ModelError as error:
            return (str(error),)


def _found(source: Path, scratch: Path) -> Path:
    """The folder of the package, unpacked where need be."""
    if is_zip(source):
        into = scratch / source.stem
        into.mkdir()
        return unpack(source, into)
    return source.parent if source.name == MANIFEST_NAME else source


def _installed(package: Path, models: Path, scratch: Path) -> Path:
    problems = check_package(package)
    if problems:
        raise ModelError(problems[0])
    manifest = load_manifest(package / MANIFEST_NAME)
    place = models / f"{manifest.model_id}-{manifest.version}"
    if place.exists():
        raise ModelError(
            _("{name} {version} is installed already, in {folder}.").format(
                name=manifest.name, version=manifest.version, folder=place
            )
        )
    draft = scratch / "copy" / place.name
    _copy(package, manifest, draft)
    read_package(draft)  # each file is the one that was checked
    draft.rename(place)
    return place


def _copy(package: Path, manifest: Manifest, draft: Path) -> None:
    """What the manifest lists and nothing else."""
    for name in (MANIFEST_NAME, *(file.path for file in manifest.files)):
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(package / name, draft / name)
