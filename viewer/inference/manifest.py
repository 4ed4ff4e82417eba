"""Reads manifest.json of a model package; whatever it does not say by the schema is refused, by name."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import cattrs
import jsonschema

from viewer.base.errors import ModelError
from viewer.base.i18n import _
from viewer.base.paths import resource
from viewer.inference.manifest_parts import (
    ApplicabilitySpec,
    Calibration,
    Display,
    Explanation,
    FindingSpec,
    GateSpec,
    GoldenTest,
    InputSpec,
    LabelSpec,
    Licences,
    OperatingPointSpec,
    OutputSpec,
    PackagedFile,
    Performance,
    QualitySpec,
    ReferenceSpec,
    Runtime,
    TaskSpec,
    TrainingData,
    VariantSpec,
)

MANIFEST_NAME = "manifest.json"
MANIFEST_MAX_BYTES = 2_000_000
"""A larger one is no manifest; it is not read."""


@dataclass(frozen=True)
class Manifest:
    """Everything a package declares; see resources/schemas/model_manifest.v1.json for each field."""

    schema_version: int
    model_id: str
    version: str
    name: str
    vendor: str
    release_date: str
    files: tuple[PackagedFile, ...]
    intended_use: str
    not_for: tuple[str, ...]
    regulatory_status: str
    warnings: tuple[str, ...]
    licences: Licences
    task: TaskSpec
    applicability: ApplicabilitySpec
    input: InputSpec
    outputs: tuple[OutputSpec, ...]
    labels: tuple[LabelSpec, ...]
    findings: tuple[FindingSpec, ...]
    operating_points: tuple[OperatingPointSpec, ...]
    calibration: Calibration
    explanation: Explanation
    training_data: tuple[TrainingData, ...]
    performance: tuple[Performance, ...]
    runtime: Runtime
    golden: tuple[GoldenTest, ...]
    references: tuple[str, ...]
    changelog: tuple[str, ...]
    contacts: tuple[str, ...]
    quality: QualitySpec = field(default_factory=QualitySpec)
    gate: GateSpec | None = None
    reference: ReferenceSpec | None = None
    default_state: str = "on"
    variants: Mapping[str, VariantSpec] = field(default_factory=dict)

    @property
    def operating_point(self) -> OperatingPointSpec:
        """The default one; checks at load see to it that there is exactly one."""
        return next(point for point in self.operating_points if point.default)

    @property
    def onnx_file(self) -> PackagedFile:
        """The full network; raises ModelError unless exactly one file beside the variants ends in .onnx."""
        others = {variant.file for variant in self.variants.values()}
        networks = [file for file in self.files if file.path.endswith(".onnx")]
        full = [file for file in networks if file.path not in others]
        if len(full) != 1:
            raise ModelError(
                _("files must list exactly one .onnx file.")
                if not self.variants
                else _("files must list exactly one .onnx file beside those of the variants.")
            )
        return full[0]

    def network_file(self, variant: str) -> PackagedFile:
        """The network of a variant, "" for the full one; raises ModelError where it is not among the files."""
        if not variant:
            return self.onnx_file
        named = self.variants[variant].file
        for file in self.files:
            if file.path == named and named.endswith(".onnx"):
                return file
        raise ModelError(
            _(
                "the network of the variant {variant}, {file}, is no .onnx file among the files"
            ).format(variant=variant, file=named)
        )

    @property
    def calibrated(self) -> bool:
        """Whether a score may be called a probability."""
        return self.calibration.method != "none"

    @property
    def asked_for(self) -> tuple[str, ...]:
        """What the model looks for, in the reader's words."""
        return tuple(words(finding.display) for finding in self.findings)

    def finding(self, key: str) -> FindingSpec:
        """The declared finding of that key; KeyError where a task invents one."""
        return {finding.key: finding for finding in self.findings}[key]

    def channel(self, key: str) -> int:
        """The channel of a label; KeyError where there is none."""
        return {label.key: label.index for label in self.labels}[key]


def words(display: Display) -> str:
    """The text to show."""
    return _(display["en"])


def load_manifest(path: Path) -> Manifest:
    """Read and check one manifest.json.

    Raises
    ------
    ModelError : names the package folder, the field and what is wrong with it
    """
    content = _read(path)
    problems = sorted(_validator().iter_errors(content), key=lambda error: list(error.path))
    if problems:
        raise ModelError(_about(path, *_first_words(problems[0])))
    return _converter().structure(content, Manifest)


def _read(path: Path) -> Mapping[str, object]:
    if not path.is_file():
        raise ModelError(_about(path, "", _no_package(path.parent)))
    try:
        if path.stat().st_size > MANIFEST_MAX_BYTES:
            raise ModelError(_about(path, "", _("the file is too large for a manifest")))
        content = json.loads(
            path.read_text(encoding="utf-8"),
            object_pairs_hook=_without_repeats,
            parse_constant=_no_number,
        )
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(_about(path, "", str(error))) from error
    if not isinstance(content, dict):
        raise ModelError(_about(path, "", _("it holds no JSON object")))
    return content


def _no_package(folder: Path) -> str:
    """Why there is no manifest."""
    if folder.suffix == ".onnx" and folder.is_file():
        return _("this is a bare network; `secondread models import` makes a package of it")
    return _("a package is a folder, or a zip, that holds this file; it is not there")


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """JSON lets a later field silently replace an earlier one; a threshold must not be lost so."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        repeated = next(
            name for name, count in Counter(name for name, _value in pairs).items() if count > 1
        )
        raise ValueError(_("it holds {name} twice").format(name=repeated))
    return fields


def _no_number(constant: str) -> object:
    """Python reads NaN and Infinity, which JSON does not know and no comparison survives."""
    raise ValueError(_("it holds {constant}, which is no number").format(constant=constant))


def _about(path: Path, field: str, reason: str) -> str:
    where = f"{path.name}, {field}" if field else path.name
    return _("The model package {package} cannot be used: {where}: {reason}.").format(
        package=path.parent.name, where=where, reason=reason.rstrip(".")
    )


def _first_words(error: jsonschema.ValidationError) -> tuple[str, str]:
    return "".join(_steps(error)).removeprefix("."), error.message


def _steps(error: jsonschema.ValidationError) -> Iterator[str]:
    for step in error.absolute_path:
        yield f"[{step}]" if isinstance(step, int) else f".{step}"


@cache
def _validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(resource("schemas", "model_manifest.v1.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)


@cache
def _converter() -> cattrs.Converter:
    converter = cattrs.Converter()
    converter.register_structure_hook_func(lambda kind: kind is object, lambda value, _kind: value)
    return converter
