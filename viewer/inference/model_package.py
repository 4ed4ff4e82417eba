"""ModelPackage: a folder whose files are those its manifest names, bit by bit."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from viewer.base.errors import ModelError
from viewer.base.i18n import _
from viewer.domain.finding import Algorithm
from viewer.inference.manifest import MANIFEST_NAME, Manifest, load_manifest
from viewer.inference.manifest_parts import PackagedFile

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class ModelPackage:
    """A verified package, ready to run. algorithm: who its findings are said by.

    variant: of the manifest's, as viewer.inference.precision brings it about; "" for the full network.
    """

    folder: Path
    manifest: Manifest
    algorithm: Algorithm
    variant: str = ""

    @property
    def key(self) -> str:
        """Unique among packages: model id, version and the first digits of the network's hash."""
        return f"{self.algorithm.model_id}@{self.algorithm.version}+{self.algorithm.sha256[:12]}"

    def network(self) -> bytes:
        """The ONNX file's bytes, checked once more, so that what runs is what was verified."""
        file = self.manifest.network_file(self.variant)
        content = _bytes(self.folder, file)
        if hashlib.sha256(content).hexdigest() != self.algorithm.sha256:
            raise ModelError(_changed(self.folder, file))
        return content


def read_package(folder: Path) -> ModelPackage:
    """Read the manifest and verify size and SHA-256 of each listed file.

    Raises
    ------
    ModelError : names the package and the file or field that is wrong
    """
    manifest = load_manifest(folder / MANIFEST_NAME)
    problems = file_problems(folder, manifest)
    if problems:
        raise ModelError(problems[0])
    manifest_sha256 = _sha256(folder / MANIFEST_NAME)
    return ModelPackage(folder, manifest, _algorithm(manifest, manifest_sha256))


def file_problems(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """A sentence for each listed file that is missing or not what the manifest says."""
    found = (_file_problem(folder, file) for file in manifest.files)
    return tuple(problem for problem in found if problem)


def _file_problem(folder: Path, file: PackagedFile) -> str:
    path = folder / file.path
    if not path.resolve().is_relative_to(folder.resolve()):
        return _sentence(folder, file, _("it lies outside of the package"))
    if not path.is_file():
        return _sentence(folder, file, _("it is missing"))
    if path.stat().st_size != file.bytes or _sha256(path) != file.sha256:
        return _changed(folder, file)
    return ""


def _changed(folder: Path, file: PackagedFile) -> str:
    reason = _("it is not the file that was released (its SHA-256 differs); install the model anew")
    return _sentence(folder, file, reason)


def _sentence(folder: Path, file: PackagedFile, reason: str) -> str:
    return _("The model package {package} cannot be used: {file}: {reason}.").format(
        package=folder.name, file=file.path, reason=reason
    )


def _algorithm(manifest: Manifest, manifest_sha256: str) -> Algorithm:
    return Algorithm(
        manifest.model_id,
        manifest.name,
        manifest.version,
        manifest.vendor,
        manifest.onnx_file.sha256,
        manifest_sha256,
    )


def _bytes(folder: Path, file: PackagedFile) -> bytes:
    try:
        return (folder / file.path).read_bytes()
    except OSError as error:
        raise ModelError(_sentence(folder, file, str(error.strerror))) from error


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
    except OSError as error:
        return str(error)
    return digest.hexdigest()
