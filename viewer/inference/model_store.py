"""All model packages found: those that may run, and those put in quarantine with the reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from viewer.base.errors import ModelError
from viewer.base.i18n import _
from viewer.domain.finding import Algorithm
from viewer.inference.golden import golden_problems
from viewer.inference.manifest import MANIFEST_NAME, load_manifest
from viewer.inference.model_package import ModelPackage, file_problems, read_package
from viewer.inference.package_checks import graph_problems, manifest_problems
from viewer.inference.precision import Precision, every_precision, in_precision
from viewer.inference.session import read_signature


@dataclass(frozen=True)
class Quarantined:
    """A package that cannot run. reason: a sentence that names it and what is wrong."""

    folder: Path
    reason: str


class ModelStore:
    """The packages under some folders; one bad package never hides the others.

    Attributes
    ----------
    folders : where it looked
    packages : checked, one version of each model, in order of model id, in the precision that runs here
    every : the same models in each precision they offer
    quarantined : the others
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        found = [_checked(folder) for parent in folders for folder in package_folders(parent)]
        self._full, set_aside = _one_each([one for one in found if isinstance(one, ModelPackage)])
        self._choose(Precision.FULL)
        broken = [one for one in found if isinstance(one, Quarantined)]
        packed = [one for parent in folders for one in _packed(parent)]
        self.quarantined: tuple[Quarantined, ...] = (*broken, *packed, *set_aside)

    def take(self, other: "ModelStore") -> None:
        """What another look into the folders found takes the place of what was known."""
        self._full, self.quarantined = other._full, other.quarantined
        self._choose(self._precision)

    def prefer(self, precision: Precision) -> bool:
        """From now on each package runs in this precision where it offers it; whether that is a change."""
        before = self.packages
        self._choose(precision)
        return self.packages != before

    def _choose(self, precision: Precision) -> None:
        """Once for each choice: the packages are asked for at every event."""
        self._precision = precision
        self.packages = tuple(in_precision(one, precision) for one in self._full)
        self.every = tuple(one for package in self._full for one in every_precision(package))

    def by_key(self, key: str) -> ModelPackage | None:
        """The package of that key, if it may run."""
        return next((package for package in self.packages if package.key == key), None)

    def made(self, algorithm: Algorithm) -> ModelPackage | None:
        """The very package, in the very precision, that ran as `algorithm`; None where it is not here."""
        return next((one for one in self.every if one.algorithm == algorithm), None)

    def now(self, package: ModelPackage) -> ModelPackage:
        """The same model as it runs here; the package itself where it is not installed any more."""
        same = (
            one for one in self.packages if one.algorithm.model_id == package.algorithm.model_id
        )
        return next(same, package)


def package_folders(parent: Path) -> tuple[Path, ...]:
    """Folders right under `parent` that hold a manifest or a network, sorted by name."""
    if not parent.is_dir():
        return ()
    return tuple(folder for folder in sorted(parent.iterdir()) if _looks_like_package(folder))


def load_package(folder: Path) -> ModelPackage:
    """A package that may run.

    Raises
    ------
    ModelError : the schema, a file, the graph or a threshold is wrong; names package and reason
    """
    package = read_package(folder)
    problems = _problems(package)
    if problems:
        raise ModelError(_named(folder, problems[0]))
    return package


def check_package(folder: Path) -> tuple[str, ...]:
    """Everything that is wrong with a package, its golden tests included; empty when nothing is."""
    try:
        manifest = load_manifest(folder / MANIFEST_NAME)
        broken = file_problems(folder, manifest)
        if broken:
            return (*broken, *(_named(folder, problem) for problem in manifest_problems(manifest)))
        package = read_package(folder)
    except ModelError as error:
        return (str(error),)
    problems = _problems(package) or (*_strays(package), *_golden_problems(package))
    return tuple(_named(folder, problem) for problem in problems)


def _strays(package: ModelPackage) -> Iterator[str]:
    """Networks that lie there and run nowhere: of an earlier release, most likely."""
    listed = {package.folder / file.path for file in package.manifest.files}
    for path in sorted(set(package.folder.glob("*.onnx")) - listed):
        yield _("{file} is not among the files of the manifest; delete it, or make it anew").format(
            file=path.name
        )


def _golden_problems(package: ModelPackage) -> tuple[str, ...]:
    return tuple(
        _about_variant(one, problem)
        for one in every_precision(package)
        for problem in golden_problems(one)
    )


def _problems(package: ModelPackage) -> tuple[str, ...]:
    """Of manifest and graphs; no graph is opened while the manifest contradicts itself."""
    return manifest_problems(package.manifest) or tuple(
        _about_variant(one, problem)
        for one in every_precision(package)
        for problem in _graph_problems(one)
    )


def _graph_problems(package: ModelPackage) -> tuple[str, ...]:
    try:
        graph = read_signature(package.network())
    except ModelError as error:
        return (str(error),)
    return graph_problems(package.manifest, graph)


def _about_variant(package: ModelPackage, problem: str) -> str:
    if not package.variant:
        return problem
    words = _("variant {variant}: {problem}")
    return words.format(variant=package.variant, problem=problem)


def _checked(folder: Path) -> ModelPackage | Quarantined:
    try:
        return load_package(folder)
    except ModelError as error:
        return Quarantined(folder, str(error))


def _packed(parent: Path) -> Iterator[Quarantined]:
    """Archives among the packages: nothing in them has been checked."""
    for path in sorted(parent.glob("*.zip")) if parent.is_dir() else ():
        reason = _("it is still packed; AI ▸ Import a model… unpacks, checks and installs it")
        yield Quarantined(path, _named(path, reason))


def _one_each(
    packages: Sequence[ModelPackage],
) -> tuple[tuple[ModelPackage, ...], tuple[Quarantined, ...]]:
    """One package for each model id: its newest version, and of that the one found first."""
    kept: dict[str, ModelPackage] = {}
    for package in packages:
        rival = kept.setdefault(package.algorithm.model_id, package)
        if _version(package) > _version(rival):
            kept[package.algorithm.model_id] = package
    set_aside = tuple(_set_aside(packages, kept))
    return tuple(kept[model_id] for model_id in sorted(kept)), set_aside


def _set_aside(
    packages: Sequence[ModelPackage], kept: Mapping[str, ModelPackage]
) -> Iterator[Quarantined]:
    for package in packages:
        winner = kept[package.algorithm.model_id]
        if package is not winner:
            reason = _("version {version} of the same model is installed in {folder}").format(
                version=winner.algorithm.version, folder=winner.folder
            )
            yield Quarantined(package.folder, _named(package.folder, reason))


def _version(package: ModelPackage) -> tuple[tuple[int, ...], bool]:
    """Orders versions by number; a pre-release comes before its release."""
    numbers, _dash, pre_release = package.algorithm.version.partition("-")
    return tuple(int(number) for number in numbers.split(".")), not pre_release


def _looks_like_package(folder: Path) -> bool:
    return (folder / MANIFEST_NAME).is_file() or (folder.is_dir() and any(folder.glob("*.onnx")))


def _named(folder: Path, problem: str) -> str:
    return _("The model package {package} cannot be used: {problem}.").format(
        package=folder.name, problem=problem.rstrip(".")
    )
