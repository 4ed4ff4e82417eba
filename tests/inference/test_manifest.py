"""What a manifest may say, and how its faults are named."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from model_packages import build_package, declared

from viewer.base.errors import ModelError
from viewer.domain.coding import CodedConcept
from viewer.inference.manifest import load_manifest
from viewer.inference.package_checks import manifest_problems


def test_every_field_arrives_typed(tmp_path: Path) -> None:
    manifest = load_manifest(build_package(tmp_path / "phantom") / "manifest.json")
    assert manifest.model_id == "org.secondread.phantom_reader"
    assert manifest.input.shape == (1, 1, 128, 128)
    assert manifest.input.operations[2]["rows"] == 128
    assert manifest.findings[0].code == CodedConcept("8186001", "SCT", "Cardiomegaly")
    assert manifest.labels[1].laterality == "R"
    assert manifest.operating_point.thresholds == {"enlarged_cardiac_silhouette": 0.5}
    assert manifest.asked_for == ("Enlarged cardiac silhouette",)
    assert manifest.channel("left_lung") == 2
    assert not manifest.calibrated


MEASURED = {
    "sensitivity": [0.9, 0.8, 0.95],
    "specificity": [0.9, 0.8, 0.95],
    "n": 40,
    "data": "unseen patients",
}


def test_a_finding_that_was_not_measured_does_not_borrow_the_figures_of_another(
    tmp_path: Path,
) -> None:
    def add(manifest: dict) -> None:
        manifest["operating_points"][0]["performance_of"] = {
            "enlarged_cardiac_silhouette": MEASURED
        }

    manifest = load_manifest(build_package(tmp_path / "phantom", add) / "manifest.json")
    found = manifest.operating_point.measured("enlarged_cardiac_silhouette")
    assert found is not None and found.n == 40
    assert manifest.operating_point.measured("another") is None
    assert manifest_problems(manifest) == ()


def test_figures_of_a_finding_that_does_not_exist_are_a_problem(tmp_path: Path) -> None:
    def add(manifest: dict) -> None:
        manifest["operating_points"][0]["performance_of"] = {"another": MEASURED}

    manifest = load_manifest(build_package(tmp_path / "phantom", add) / "manifest.json")
    assert any("performance_of names unknown another" in p for p in manifest_problems(manifest))


def test_measured_figures_arrive_with_their_intervals(tmp_path: Path) -> None:
    def add(manifest: dict) -> None:
        manifest["operating_points"][0]["performance"] = MEASURED
        figure = {"data": "unseen", "n": 40, "metric": "heart Dice", "value": 0.95}
        manifest["performance"] = [{**figure, "ci95": [0.94, 0.96], "internal": True}]

    manifest = load_manifest(build_package(tmp_path / "phantom", add) / "manifest.json")
    assert manifest.operating_point.performance is not None
    assert manifest.operating_point.performance.sensitivity == (0.9, 0.8, 0.95)
    assert manifest.performance[0].ci95 == (0.94, 0.96)


@pytest.mark.parametrize("field", sorted(set(declared()) - {"quality"}))
def test_a_missing_field_is_refused_by_name(tmp_path: Path, field: str) -> None:
    folder = build_package(tmp_path / "lacking")
    content = json.loads((folder / "manifest.json").read_text())
    del content[field]
    (folder / "manifest.json").write_text(json.dumps(content))
    with pytest.raises(ModelError, match=rf"lacking.*'{field}' is a required property"):
        load_manifest(folder / "manifest.json")


def test_a_misspelt_field_is_refused_not_ignored(tmp_path: Path) -> None:
    def misspell(manifest: dict) -> None:
        manifest["applicability"]["min_age_year"] = 16

    folder = build_package(tmp_path / "misspelt", misspell)
    with pytest.raises(ModelError, match=r"applicability.*min_age_year"):
        load_manifest(folder / "manifest.json")


def test_a_fault_inside_a_list_is_named_with_its_place(tmp_path: Path) -> None:
    def break_label(manifest: dict) -> None:
        manifest["labels"][2]["laterality"] = "left"

    folder = build_package(tmp_path / "odd", break_label)
    with pytest.raises(ModelError, match=r"odd.*labels\[2\]\.laterality.*'left'"):
        load_manifest(folder / "manifest.json")


@pytest.mark.parametrize("text", ["", "not json", "[]", "[" * 100_000, '{"schema_version": 2}'])
def test_what_is_no_manifest_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "junk" / "manifest.json"
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(ModelError, match="The model package junk cannot be used"):
        load_manifest(path)


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"empty.*manifest\.json"):
        load_manifest(tmp_path / "empty" / "manifest.json")


@pytest.mark.parametrize("path", ["../model.onnx", "/etc/model.onnx", "a/../../model.onnx", ""])
def test_a_file_outside_of_the_package_is_refused(tmp_path: Path, path: str) -> None:
    def escape(manifest: dict) -> None:
        manifest["files"] = [{"path": path, "sha256": "0" * 64, "bytes": 1}]

    folder = build_package(tmp_path / "escaping", escape)
    with pytest.raises(ModelError, match=r"files\[0\]\.path"):
        load_manifest(folder / "manifest.json")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('_silhouette": 0.5', '_silhouette": NaN', "NaN, which is no number"),
        ('_silhouette": 0.5', '_silhouette": Infinity', "Infinity, which is no number"),
        ('"min_age_years": 16', '"min_age_years": 16, "min_age_years": 0', "min_age_years twice"),
    ],
)
def test_numbers_that_are_none_and_fields_that_come_twice_are_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    path = build_package(tmp_path / "sly") / "manifest.json"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ModelError, match=words):
        load_manifest(path)


_ODD_VALUES = (None, -1, 0, 1e308, 10**30, "x", [], [[]], {}, True)


@pytest.mark.parametrize("value", _ODD_VALUES, ids=repr)
def test_no_odd_value_anywhere_does_more_than_set_the_package_aside(
    tmp_path: Path, value: object
) -> None:
    """A start-up must survive every package: it is ready, or it is refused in a sentence."""
    folder = build_package(tmp_path / "odd")
    whole = json.loads((folder / "manifest.json").read_text())
    for path in list(_places(whole)):
        odd = json.loads(json.dumps(whole))
        inner = odd
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = value
        (folder / "manifest.json").write_text(json.dumps(odd))
        try:
            manifest = load_manifest(folder / "manifest.json")
        except ModelError as error:
            assert "odd" in str(error)
        else:
            assert all(isinstance(problem, str) for problem in manifest_problems(manifest))


def _places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)  # type: ignore[arg-type]
    for step, held in inner:
        yield (*path, step)
        if isinstance(held, dict | list):
            yield from _places(held, (*path, step))
