"""What must hold before a package may run: declared tensors are the graph's, numbers are in range."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from viewer.base.errors import ModelError
from viewer.base.i18n import _
from viewer.domain.input_figures import InputKey
from viewer.inference.code_checks import code_problem
from viewer.inference.manifest import Manifest
from viewer.inference.manifest_parts import FindingSpec, OperatingPointSpec
from viewer.inference.preprocessing import preprocess
from viewer.inference.session import GraphSignature, TensorShape, runtime_version
from viewer.inference.task import known_tasks
from viewer.inference.variant_checks import variant_problems

ONNX_TYPE = {"float32": "tensor(float)"}
DOCUMENTS = ("MODEL_CARD.md", "LICENSE")
"""What every package holds beside network and golden tests."""

UNITLESS = "1"
"""UCUM unit of scores and ratios, whose thresholds lie between 0 and 1."""


def manifest_problems(manifest: Manifest) -> tuple[str, ...]:
    """What contradicts itself in a manifest that obeys the schema; empty when nothing does."""
    return tuple(problem for check in _MANIFEST_CHECKS for problem in check(manifest))


def graph_problems(manifest: Manifest, graph: GraphSignature) -> tuple[str, ...]:
    """Where manifest and ONNX graph differ: tensor names, types, ranks, shapes, identity."""
    declared_input = (manifest.input.tensor, manifest.input.shape)
    declared_outputs = [(output.tensor, output.shape) for output in manifest.outputs]
    return (
        *_tensor_problems(_("input"), [declared_input], graph.inputs, every=True),
        *_tensor_problems(_("output"), declared_outputs, graph.outputs, every=False),
        *_identity_problems(manifest, graph),
    )


def _tensor_problems(
    side: str,
    declared: Sequence[tuple[str, tuple[int, ...]]],
    found: Sequence[TensorShape],
    *,
    every: bool,
) -> Iterator[str]:
    by_name = {tensor.name: tensor for tensor in found}
    for name, shape in declared:
        if name not in by_name:
            yield _("the network has no {side} {name}; it has {names}").format(
                side=side, name=name, names=", ".join(by_name)
            )
        else:
            yield from _shape_problems(shape, by_name[name])
    extra = sorted(set(by_name) - {name for name, _shape in declared})
    if every and extra:
        yield _("the network wants the input {names} too").format(names=", ".join(extra))


def _shape_problems(declared: tuple[int, ...], tensor: TensorShape) -> Iterator[str]:
    if tensor.type != ONNX_TYPE["float32"]:
        yield _("{name} is {found}, not float32").format(name=tensor.name, found=tensor.type)
    fits = len(declared) == len(tensor.shape) and all(
        size in (None, wanted) for wanted, size in zip(declared, tensor.shape, strict=True)
    )
    if not fits:
        yield _("{name} has the shape {found}, the manifest says {declared}").format(
            name=tensor.name, found=list(tensor.shape), declared=list(declared)
        )


def _identity_problems(manifest: Manifest, graph: GraphSignature) -> Iterator[str]:
    for field, declared in (("model_id", manifest.model_id), ("version", manifest.version)):
        if graph.metadata.get(field) != declared:
            yield _("the network says {field} {found}, the manifest {declared}").format(
                field=field, found=graph.metadata.get(field), declared=declared
            )


def _network_file(manifest: Manifest) -> Iterator[str]:
    try:
        _found = manifest.onnx_file
    except ModelError as error:
        yield str(error)


def _golden_files(manifest: Manifest) -> Iterator[str]:
    listed = {file.path for file in manifest.files}
    for golden in manifest.golden:
        if golden.file not in listed:
            yield _("the golden test {file} is not among the files").format(file=golden.file)


def _documents(manifest: Manifest) -> Iterator[str]:
    """A card or licence that is not listed could be taken away unseen."""
    listed = {file.path for file in manifest.files}
    for name in (name for name in DOCUMENTS if name not in listed):
        yield _("{file} is not among the files; a package must hold it").format(file=name)


def _codes(manifest: Manifest) -> Iterator[str]:
    labels = {label.key: label.code for label in manifest.labels}
    coded = [(one.key, one.code) for one in manifest.labels]
    coded += [(one.key, one.code) for one in manifest.findings]
    for key, code in coded:
        problem = code_problem(code.value, code.scheme, code.meaning)
        if problem:
            yield _("the code of {key}: {problem}").format(key=key, problem=problem)
    for finding in manifest.findings:
        if labels.get(finding.key, finding.code) != finding.code:
            yield _("{key} has another code as a label than as a finding").format(key=finding.key)


def _label_channels(manifest: Manifest) -> Iterator[str]:
    indices = sorted(label.index for label in manifest.labels)
    if indices != list(range(manifest.outputs[0].channels)):
        yield _("{labels} labels do not match the {channels} channels of the output").format(
            labels=indices, channels=manifest.outputs[0].channels
        )


def _unique_keys(manifest: Manifest) -> Iterator[str]:
    groups = {
        "labels": [label.key for label in manifest.labels],
        "findings": [finding.key for finding in manifest.findings],
        "operating_points": [point.name for point in manifest.operating_points],
        "files": [file.path for file in manifest.files],
    }
    for group, keys in groups.items():
        for key in (key for key, count in Counter(keys).items() if count > 1):
            yield _("{group} repeats {key}").format(group=group, key=key)


def _operating_points(manifest: Manifest) -> Iterator[str]:
    if sum(point.default for point in manifest.operating_points) != 1:
        yield _("exactly one operating point must be the default")
    for point in manifest.operating_points:
        if set(point.thresholds) != {finding.key for finding in manifest.findings}:
            yield _("operating point {name} needs one threshold per finding").format(
                name=point.name
            )
        unknown = sorted(set(point.performance_of) - set(point.thresholds))
        if unknown:
            yield _("operating point {name}: performance_of names unknown {keys}").format(
                name=point.name, keys=", ".join(unknown)
            )
        for finding in manifest.findings:
            yield from _threshold(point, finding)


def _threshold(point: OperatingPointSpec, finding: FindingSpec) -> Iterator[str]:
    threshold = point.thresholds.get(finding.key)
    if threshold is None or finding.score.unit != UNITLESS or 0.0 < threshold < 1.0:
        return
    yield _("operating point {name}: threshold {value} of {key} is not between 0 and 1").format(
        name=point.name, value=threshold, key=finding.key
    )


def _explanation(manifest: Manifest) -> Iterator[str]:
    explanation = manifest.explanation
    if explanation.method == "none":
        return
    if explanation.output not in {output.tensor for output in manifest.outputs}:
        yield _("explanation.output names no output")
    unknown = set(explanation.labels) - {label.key for label in manifest.labels}
    if unknown:
        yield _("explanation.labels names unknown {keys}").format(keys=", ".join(sorted(unknown)))
    if not explanation.name:
        yield _("explanation.name must name the method for the reader")


def _reference(manifest: Manifest) -> Iterator[str]:
    if manifest.reference is None:
        return
    findings = {finding.key for finding in manifest.findings}
    for key in manifest.reference.score_histogram.keys() - findings:
        yield _("reference.score_histogram.{key} names no finding").format(key=key)
    for key in manifest.reference.input_histogram.keys() - {key.value for key in InputKey}:
        yield _("reference.input_histogram.{key} is no number that is recorded").format(key=key)
    declared = {
        "score_histogram": manifest.reference.score_histogram,
        "input_histogram": manifest.reference.input_histogram,
    }
    for name, histograms in declared.items():
        for key, histogram in histograms.items():
            if not histogram.low < histogram.high:
                yield _("reference.{name}.{key}: low must be below high").format(name=name, key=key)


def _gate(manifest: Manifest) -> Iterator[str]:
    if manifest.gate is None:
        return
    declared = {output.tensor: output for output in manifest.outputs}.get(manifest.gate.output)
    if declared is None:
        yield _("gate.output names no output")
    elif (declared.type, declared.layout, declared.shape[-1]) != ("activations", "NC", 1):
        yield _("gate.output must be activations in NC with one channel")


def _age_limits(manifest: Manifest) -> Iterator[str]:
    low, high = manifest.applicability.min_age_years, manifest.applicability.max_age_years
    if low is not None and high is not None and low > high:
        yield _("applicability: the lowest age is above the highest")


def _runtime(manifest: Manifest) -> Iterator[str]:
    if _numbers(runtime_version()) < _numbers(manifest.runtime.min_onnxruntime):
        yield _("it needs onnxruntime {wanted}; this program has {found}").format(
            wanted=manifest.runtime.min_onnxruntime, found=runtime_version()
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _operations(manifest: Manifest) -> Iterator[str]:
    """Runs the operations once on a small ramp: unknown ones and wrong sizes show here."""
    ramp = np.linspace(0.0, 1.0, 48 * 40, dtype=np.float32).reshape(48, 40)
    try:
        prepared = preprocess(
            ramp,
            monochrome1=False,
            operations=manifest.input.operations,
            pixel_mm=(1.0, 1.0),
        )
    except ModelError as error:
        yield f"input.operations: {error}"
        return
    if prepared.tensor.shape != manifest.input.rows_columns:
        yield _("input.operations give {found}, input.shape says {declared}").format(
            found=list(prepared.tensor.shape), declared=list(manifest.input.shape)
        )


def _task(manifest: Manifest) -> Iterator[str]:
    task = known_tasks().get(manifest.task.kind)
    if task is None:
        yield _("this program has no task of the kind {kind}; it has {known}").format(
            kind=manifest.task.kind, known=", ".join(known_tasks())
        )
    else:
        yield from task.problems(manifest)


_MANIFEST_CHECKS: tuple[Callable[[Manifest], Iterator[str]], ...] = (
    _network_file,
    _golden_files,
    _documents,
    _codes,
    _label_channels,
    _unique_keys,
    _operating_points,
    _explanation,
    _gate,
    _reference,
    variant_problems,
    _age_limits,
    _runtime,
    _operations,
    _task,
)
