"""A structured report of any program is read whole: values with units, people, flags, links, references."""

from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from signed_reports import READER, evidence, film_of, full_report

from viewer.base.errors import FileProblem
from viewer.dicom.indexer import index
from viewer.dicom.structured_report import read_report
from viewer.domain.sr_document import SrDocument, SrItem
from viewer.domain.study_object import ObjectKind
from viewer.export.formats.dicom_sr import PLUGIN

BASIC_TEXT, KOS = "1.2.840.10008.5.1.4.1.1.88.11", "1.2.840.10008.5.1.4.1.1.88.59"


def report_of(path: Path) -> SrDocument:
    (study,) = index([path], lambda _batch: None, lambda _fraction: None).studies
    (found,) = study.objects
    return read_report(found)


def code(meaning: str, value: str = "1", scheme: str = "99X") -> Dataset:
    made = Dataset()
    made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = value, scheme, meaning
    return made


def item(kind: str, name: str = "Name", **attributes: object) -> Dataset:
    made = Dataset()
    made.ValueType, made.RelationshipType = kind, "CONTAINS"
    made.ConceptNameCodeSequence = [code(name)]
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def named(document: SrDocument, name: str) -> list[SrItem]:
    return [each for each in document.root.walk() if each.name and each.name.meaning == name]


@pytest.fixture
def make_report(make_dicom):
    """A small report with the given content items."""

    def make(*items: Dataset, **attributes: object) -> Path:
        return make_dicom(
            "report.dcm",
            **{
                "SOPClassUID": BASIC_TEXT,
                "Modality": "SR",
                "PixelData": None,
                "ValueType": "CONTAINER",
                "ConceptNameCodeSequence": [code("Test report")],
                "ContentSequence": list(items),
                **attributes,
            },
        )

    return make


def test_the_flags_and_verifiers_of_a_report_are_read(real_file) -> None:
    document = report_of(real_file("test-SR.dcm"))
    assert (document.completion, document.verification) == ("COMPLETE", "VERIFIED")
    first = document.verifiers[0]
    assert (first.name, first.organization) == ("Riesmeier, Jörg", "OFFIS e.V.")


def test_an_item_given_by_reference_names_its_target(real_file) -> None:
    document = report_of(real_file("test-SR.dcm"))
    targets = [each.target for each in document.root.walk() if each.target]
    by_path = {each.path: each for each in document.root.walk()}
    assert targets == [(1, 3, 2), (1, 2, 2, 1)]
    assert (by_path[1, 3, 2].kind, by_path[1, 2, 2, 1].value) == ("SCOORD", "Sample Code")


def test_frames_of_a_link_count_from_zero(real_file) -> None:
    document = report_of(real_file("test-SR.dcm"))
    links = [link for each in document.root.walk() for link in each.links if link.frames]
    assert [(link.class_name, link.frames) for link in links] == [("CT Image", (4, 1))]


def test_measurements_of_a_real_report_have_their_units_and_segments(shared_data) -> None:
    document = report_of(shared_data / "dicom/mixed/dcmqi/data/sr-example/sr.dcm")
    values = [each for each in document.root.walk() if each.kind == "NUM"]
    assert any(each.value.endswith("ml") or "g/ml" in each.value for each in values)
    (segment,) = named(document, "Referenced Segment")[:1]
    assert segment.links[0].segments == (1,)
    assert document.warnings == ()


def test_people_and_devices_that_observe_are_told_apart(shared_data) -> None:
    folder = shared_data / "dicom/mixed/highdicom/data/test_files"
    document = report_of(folder / "sr_document_with_multiple_groups.dcm")
    assert document.authors == ("Doe, John",)
    (device,) = document.devices
    assert device == "1.2.826.0.1.3680043.10.511.3.29899283304937342586225207155834162"


def test_our_own_report_reads_back_with_its_algorithm_and_its_reader(tmp_path: Path) -> None:
    of = film_of(tmp_path)
    report = full_report(of)
    folder = tmp_path / "out"
    folder.mkdir()
    (path,) = PLUGIN.write(report, evidence(of), folder)
    document = report_of(path)
    assert document.verification == "VERIFIED"
    assert any("Heart" in line or "heart" in line for line in document.algorithms)
    assert [one.name for one in document.verifiers] == [READER]
    shown = {link.sop_instance_uid for each in document.root.walk() for link in each.links}
    assert of.sop_instance_uid in shown


@pytest.mark.parametrize(
    ("unit", "scheme", "meaning", "shown"),
    [
        ("mm", "UCUM", "millimeter", "12.50 mm"),
        ("[hnsf'U]", "UCUM", "Hounsfield unit", "12.50 HU"),
        ("1", "UCUM", "no units", "12.50"),
        ("{SUVbw}g/ml", "UCUM", "SUV body weight", "12.50 SUV body weight"),
        ("x", "99X", "Local unit", "12.50 Local unit"),
    ],
)
def test_a_number_keeps_its_digits_and_its_unit(make_report, unit, scheme, meaning, shown) -> None:
    measured = Dataset()
    measured.NumericValue = "12.50"
    measured.MeasurementUnitsCodeSequence = [code(meaning, unit, scheme)]
    document = report_of(make_report(item("NUM", "Size", MeasuredValueSequence=[measured])))
    assert named(document, "Size")[0].value == shown


def test_a_number_without_value_says_why(make_report) -> None:
    reason = [code("Measurement failure", "114006", "DCM")]
    document = report_of(make_report(item("NUM", "Size", NumericValueQualifierCodeSequence=reason)))
    assert named(document, "Size")[0].value == "no value (Measurement failure)"


def test_a_number_without_unit_says_so(make_report) -> None:
    measured = Dataset()
    measured.NumericValue = "3"
    document = report_of(make_report(item("NUM", "Size", MeasuredValueSequence=[measured])))
    assert named(document, "Size")[0].value == "3 (no unit stated)"


def test_dates_names_and_codes_are_written_for_people(make_report) -> None:
    document = report_of(
        make_report(
            item("PNAME", "Who", PersonName="Li^Ada"),
            item("DATETIME", "When", DateTime="20261122211033.5+0100"),
            item("CODE", "What", ConceptCodeSequence=[code("", "T-D3000", "SRT")]),
        )
    )
    values = [named(document, name)[0].value for name in ("Who", "When", "What")]
    assert values == ["Li, Ada", "2026-11-22 21:10:33 +0100", "T-D3000 (SRT)"]


def test_an_unknown_kind_of_item_is_said_not_dropped_in_silence(make_report) -> None:
    document = report_of(make_report(item("HOLOGRAM"), item("TEXT", TextValue="after")))
    assert document.warnings == ("Items of the type “HOLOGRAM” cannot be shown.",)
    assert [each.value for each in document.root.children] == ["", "after"]


def test_a_report_that_is_nested_without_end_is_cut_with_a_warning(make_report) -> None:
    deepest = item("CONTAINER")
    for _level in range(80):
        deepest = item("CONTAINER", ContentSequence=[deepest])
    document = report_of(make_report(deepest))
    assert "nested too deeply" in document.warnings[0]


def test_a_device_observer_is_named_with_maker_and_model(make_report) -> None:
    def context(kind: str, value: str, name: str, **attributes: object) -> Dataset:
        made = item(kind, name, RelationshipType="HAS OBS CONTEXT", **attributes)
        made.ConceptNameCodeSequence = [code(name, value, "DCM")]
        return made

    device = [code("Device", "121007", "DCM")]
    document = report_of(
        make_report(
            context("CODE", "121005", "Observer Type", ConceptCodeSequence=device),
            context("TEXT", "121013", "Device Observer Name", TextValue="Lung finder"),
            context("TEXT", "121014", "Manufacturer", TextValue="Example AI"),
        )
    )
    assert (document.authors, document.devices) == ((), ("Lung finder, Example AI",))


def test_a_key_object_document_reads_as_a_report(make_report) -> None:
    image = Dataset()
    image.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    image.ReferencedSOPInstanceUID = "1.9"
    path = make_report(item("IMAGE", ReferencedSOPSequence=[image]), SOPClassUID=KOS, Modality="KO")
    (study,) = index([path], lambda _batch: None, lambda _fraction: None).studies
    assert study.objects[0].kind is ObjectKind.KEY_OBJECTS
    links = [link for each in read_report(study.objects[0]).root.walk() for link in each.links]
    assert [link.sop_instance_uid for link in links] == ["1.9"]


def test_a_report_without_content_is_refused_by_name(make_dicom) -> None:
    path = make_dicom("bare.dcm", SOPClassUID=BASIC_TEXT, Modality="SR", PixelData=None)
    with pytest.raises(FileProblem, match=r"bare\.dcm holds no report"):
        report_of(path)


def test_a_file_that_became_another_patients_since_is_refused(make_report) -> None:
    path = make_report(item("TEXT", TextValue="mine"))
    (study,) = index([path], lambda _batch: None, lambda _fraction: None).studies
    make_report(item("TEXT", TextValue="other"), PatientID="P2")
    with pytest.raises(FileProblem, match="has changed since it was opened"):
        read_report(study.objects[0])


def test_a_report_with_a_damaged_part_is_refused_not_shown_without_it(make_report) -> None:
    inner = item("CONTAINER", "Part", ContentSequence=[item("TEXT", TextValue="in the part")])
    path = make_report(item("TEXT", TextValue="first"), inner)
    assert len(report_of(path).root.children) == 2
    content = path.read_bytes()
    place = content.rindex(b"\xfe\xff\x00\xe0") - 4  # length of the innermost code sequence
    length = int.from_bytes(content[place : place + 4], "little")
    longer = (length + 4).to_bytes(4, "little")  # four bytes of what follows are no item
    path.write_bytes(content[:place] + longer + content[place + 4 :])
    with pytest.raises(FileProblem, match=r"report\.dcm"):
        report_of(path)
