"""Writes the package of an imported classifier, tries it, and gives it out only when it passes every check."""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.base.errors import ModelError
from viewer.base.i18n import _
from viewer.inference.importing.answers import Answers, Given, answered
from viewer.inference.importing.graph import Graph, examine
from viewer.inference.importing.words import GOLDEN, card, licence, manifest_of
from viewer.inference.manifest import MANIFEST_NAME, load_manifest
from viewer.inference.manifest_parts import InputSpec
from viewer.inference.model_package import read_package
from viewer.inference.model_store import check_package
from viewer.inference.onnx_envelope import labelled, read_envelope
from viewer.inference.preprocessing import preprocess
from viewer.inference.session import Device, InferenceSession, open_session

Tensor = NDArray[np.float32]
TRIAL_ROWS, TRIAL_COLUMNS = 300, 260
"""Size of the made-up picture that is put through the network."""

PROBABLE = 1e-4
"""How far a score that needs no activation may lie outside of 0 to 1, by rounding."""


def read_network(file: Path) -> bytes:
    """The bytes of an ONNX file; raises ModelError where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise ModelError(
            _("{path} cannot be read: {reason}.").format(path=file, reason=error.strerror)
        ) from error


def read_json(file: Path) -> Given:
    """A JSON object; raises ModelError where the file holds none."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(
            _("{path} cannot be read: {reason}.").format(path=file, reason=error)
        ) from error
    if not isinstance(content, dict):
        raise ModelError(_("{path} holds no JSON object.").format(path=file))
    return content


def write_package(network: bytes, given: Given, folder: Path, day: str) -> Path:
    """Make the package `folder`, which must not exist yet.

    Parameters
    ----------
    network : the bare ONNX file
    given : the answers, see `importing.answers`
    day : of the import, YYYY-MM-DD

    Raises
    ------
    ModelError : the graph is no classifier's, an answer is missing or wrong, the folder exists, or the
        network does not do what the answers say; then nothing is left behind
    """
    graph = examine(network)
    answers = answered(graph, given)
    if folder.exists():
        raise ModelError(_("{folder} exists already; choose another.").format(folder=folder))
    try:
        _write_checked(folder, network, graph, answers, day)
    except OSError as error:
        raise ModelError(
            _("{path} cannot be written: {reason}.").format(path=folder, reason=error.strerror)
        ) from error
    return folder


def _write_checked(folder: Path, network: bytes, graph: Graph, answers: Answers, day: str) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".import_") as scratch:
        draft = Path(scratch) / folder.name
        _fill(draft, network, graph, answers, day)
        problems = check_package(draft)
        if problems:
            raise ModelError(problems[0])
        draft.rename(folder)


def _fill(draft: Path, network: bytes, graph: Graph, answers: Answers, day: str) -> None:
    (draft / "golden").mkdir(parents=True)
    manifest = manifest_of(graph, answers, day)
    (draft / "MODEL_CARD.md").write_text(card(graph, answers, day), encoding="utf-8")
    (draft / "LICENSE").write_text(licence(answers), encoding="utf-8")
    (draft / "model.onnx").write_bytes(_identified(network, manifest))
    np.savez(draft / GOLDEN)
    _write_manifest(draft, manifest)
    declared = load_manifest(draft / MANIFEST_NAME).input
    arrays: dict[str, Any] = _trial(draft, declared, answers)
    np.savez_compressed(draft / GOLDEN, **arrays)
    _write_manifest(draft, manifest)


def _identified(network: bytes, manifest: Mapping[str, object]) -> bytes:
    """With the package's identity in the network, as every package must have it."""
    identity = {name: str(manifest[name]) for name in ("model_id", "version")}
    already = read_envelope(network).metadata
    if any(already.get(name, word) != word for name, word in identity.items()):
        raise ModelError(
            _("The network says it is {found} already; use the package it came with.").format(
                found=already.get("model_id", already.get("version"))
            )
        )
    return labelled(network, {k: word for k, word in identity.items() if k not in already})


def _trial(draft: Path, declared: InputSpec, answers: Answers) -> dict[str, Any]:
    """The made-up picture and what the network says to it: its golden test.

    Raises ModelError for a network that does not look at its input, or whose numbers are no scores.
    """
    session = open_session(read_package(draft), Device.CPU)
    seen = _tensor(declared, picture())
    found = _run(session, declared, answers, seen)
    other = _run(session, declared, answers, _tensor(declared, picture()[::-1] ** 2))
    if found.shape != (1, len(answers.labels)):
        raise ModelError(
            _("The network gives {n} scores, but {labels} labels are named.").format(
                n=found.shape[-1], labels=len(answers.labels)
            )
        )
    if not np.isfinite(found).all() or np.array_equal(found, other):
        raise ModelError(
            _(
                "The network gives no numbers, or the same ones whatever it is shown; "
                "is the normalisation the right one?"
            )
        )
    if answers.activation == "none" and (found.min() < -PROBABLE or found.max() > 1 + PROBABLE):
        raise ModelError(
            _("The network's numbers leave 0 to 1, so activation must be sigmoid or softmax.")
        )
    return {declared.tensor: seen, answers.output: found}


def _run(session: InferenceSession, declared: InputSpec, answers: Answers, seen: Tensor) -> Tensor:
    feeds = {declared.tensor: seen}
    return session.run(feeds, [answers.output], lambda stop: None).tensors[answers.output]


def _tensor(declared: InputSpec, values: Tensor) -> Tensor:
    prepared = preprocess(values, monochrome1=False, operations=declared.operations)
    return declared.fed(prepared.tensor)


def picture() -> Tensor:
    """Grey values 0 to 1 without symmetry: slopes, waves and a bright disc."""
    rows, columns = np.mgrid[0:TRIAL_ROWS, 0:TRIAL_COLUMNS].astype(np.float32)
    disc = np.hypot(rows - 90.0, columns - 170.0) < 40.0
    values = rows / TRIAL_ROWS + 0.4 * np.sin(columns / 17.0) + 0.8 * disc
    scaled: Tensor = ((values - values.min()) / np.ptp(values)).astype(np.float32)
    return scaled


def _write_manifest(draft: Path, manifest: Mapping[str, object]) -> None:
    names = ("model.onnx", GOLDEN, "MODEL_CARD.md", "LICENSE")
    filled = {**manifest, "files": [_described(draft, name) for name in names]}
    text = json.dumps(filled, indent=2, ensure_ascii=False) + "\n"
    (draft / MANIFEST_NAME).write_text(text, encoding="utf-8")


def _described(draft: Path, name: str) -> dict[str, object]:
    content = (draft / name).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return {"path": name, "sha256": digest, "bytes": len(content)}
