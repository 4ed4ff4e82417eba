"""The PDF: whole, searchable, each page with the patient and the research-use label."""

from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from signed_reports import (
    AT,
    MODEL,
    OTHER_MODEL,
    READER,
    Film,
    added,
    amended_reports,
    corrected_report,
    evidence,
    film,
    film_of,
    full_events,
    full_report,
    mass,
    normal_report,
    opacity,
    run,
    signed,
)

from viewer.base.errors import ExportError
from viewer.domain.finding import RunState
from viewer.export.evidence import Evidence
from viewer.export.formats.pdf import PLUGIN
from viewer.review.decision import OverrideReason, override
from viewer.review.events import Decided, MissesAttested, RunRecorded, TextChanged
from viewer.review.report import SignedReport

A4_POINTS = (595, 842)


def export(report: SignedReport, of: Film, folder: Path) -> PdfReader:
    (path,) = PLUGIN.write(report, evidence(of), folder)
    return PdfReader(path)


def words(pdf: PdfReader) -> str:
    """All text, with single spaces, so that line ends do not matter."""
    return " ".join(" ".join(page.extract_text().split()) for page in pdf.pages)


def long_report(of: Film) -> SignedReport:
    """A comment and a text of several pages, and many findings."""
    shadow = opacity(of)
    comment = " ".join(f"remark{number}" for number in range(2000))
    text = "\n".join(f"Line {number} of the report." for number in range(150))
    masses = [added(mass(of, f"2.25.{100 + each}"), f"Mass {each}.") for each in range(20)]
    return signed(
        of,
        [
            RunRecorded(run(of, shadow, model=OTHER_MODEL), AT),
            Decided(override(shadow, READER, AT, OverrideReason.OTHER, comment)),
            *masses,
            TextChanged(text, READER, AT),
        ],
    )


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    of = film()
    return export(full_report(of), of, tmp_path_factory.mktemp("pdf"))


def test_every_page_is_a4_and_names_patient_page_count_and_research_use(full: PdfReader) -> None:
    count = len(full.pages)
    for number, page in enumerate(full.pages, start=1):
        text = " ".join(page.extract_text().split())
        assert "FOR RESEARCH USE ONLY. NOT FOR CLINICAL USE." in text
        assert "CompressedSamples, RG1 · ID 9RG1 · born 1940-03-05" in text
        assert f"Page {number} of {count}" in text
        assert (round(page.mediabox.width), round(page.mediabox.height)) == A4_POINTS


@pytest.mark.parametrize(
    "stated",
    [
        "Philips Medical Systems Hamburg",
        "THORAX",
        "exam Number",
        "2004-08-26 18:50",
        "Enlarged cardiac silhouette Heart Cardiothoracic ratio 0.55 > 0.50",
        "Confirmed",
        "Lung opacity Lung, right Score 0.71 > 0.42",
        "Overridden Reason: Explained by projection or technique Skin fold.",
        "Added by reader Two further masses below it.",
        "The reader added the findings marked so, and states that there is no further one.",
        "Grüße: ≥ 2 Rundherde, Καρδιά μεγάλη.",
        "Segmentation probability (heart and lungs)",
        "Signed by Dr Eva Müller (account emueller) Date and time 2026-11-22 14:05:09 (UTC+01:00)",
        "I have reviewed the images and every AI finding",
        "SecondRead 0.1.0",
        MODEL.sha256,
        MODEL.sha256[:12],
        OTHER_MODEL.model_id,
        "lossy compressed (10:1)",
    ],
)
def test_the_report_says(full: PdfReader, stated: str) -> None:
    assert stated in words(full)


def test_the_report_hash_is_printed_whole(tmp_path: Path) -> None:
    of = film()
    report = full_report(of)
    assert report.sha256 in words(export(report, of, tmp_path))


def test_the_key_image_stands_without_and_with_each_heat_map(full: PdfReader) -> None:
    assert sum(len(page.images) for page in full.pages) == 2
    assert "Without heat map" in words(full)
    assert "With heat map: Heart" in words(full)


def test_a_heat_map_of_another_image_is_not_printed(tmp_path: Path) -> None:
    of = film()
    shown = evidence(of)
    strange = replace(shown.heatmaps[0], ref=replace(shown.heatmaps[0].ref, sop_instance_uid="9.9"))
    (path,) = PLUGIN.write(normal_report(of), replace(shown, heatmaps=(strange,)), tmp_path)
    assert sum(len(page.images) for page in PdfReader(path).pages) == 1


def test_a_corrected_finding_shows_what_the_ai_said_and_what_the_reader_says(
    tmp_path: Path,
) -> None:
    of = film()
    text = words(export(corrected_report(of), of, tmp_path))
    assert "Lung opacity" in text
    assert "Modified Reason: Something else is present" in text
    assert "Corrected to: Pleural effusion, left" in text


def test_a_normal_film_says_no_finding_above_threshold_and_not_normal(tmp_path: Path) -> None:
    of = film()
    text = words(export(normal_report(of), of, tmp_path))
    assert "No finding above threshold 0.50 among: enlarged cardiac silhouette" in text
    assert "The reader states that there is no further finding." in text
    assert "normal" not in text.lower()


def test_failed_not_applicable_and_not_run_are_three_different_sentences(tmp_path: Path) -> None:
    of = film()
    failed = run(of, state=RunState.FAILED, reason="out of memory")
    lateral = run(of, model=OTHER_MODEL, state=RunState.NOT_APPLICABLE, reason="lateral view")
    events = [RunRecorded(failed, AT), RunRecorded(lateral, AT), MissesAttested(True, READER, AT)]
    report = signed(of, events, not_run=["AI not run: Third model 2.0."])
    text = words(export(report, of, tmp_path))
    assert "AI failed: Heart size on a PA chest radiograph 1.0.0: out of memory" in text
    assert "AI not applicable: Other model 1.0.0: lateral view" in text
    assert "AI not run: Third model 2.0." in text
    assert "No finding above" not in text


def test_a_view_the_reader_stated_is_printed(tmp_path: Path) -> None:
    of = film()
    events = [RunRecorded(run(of, reader_view="PA"), AT), MissesAttested(True, READER, AT)]
    assert "View stated by the reader: PA" in words(export(signed(of, events), of, tmp_path))


def test_a_decision_of_another_reader_than_the_signer_names_that_reader(tmp_path: Path) -> None:
    of = film()
    report = signed(of, full_events(of), reader="Dr Senior")
    text = words(export(report, of, tmp_path))
    assert f"Decided by {READER}, 2026-11-22 14:05:09 (UTC+01:00)" in text
    assert "Decided by" not in words(export(full_report(of), of, tmp_path))


def test_an_amended_report_says_which_one_it_replaces(tmp_path: Path) -> None:
    of = film()
    first, second = amended_reports(of)
    assert f"Version 2. It replaces report {first.report_uid}." in words(
        export(second, of, tmp_path)
    )
    assert "It replaces" not in words(export(first, of, tmp_path))


def test_names_in_many_scripts_can_be_searched_and_copied(tmp_path: Path) -> None:
    of = film_of(
        tmp_path,
        PatientName="Yamada^Tarou=山田^太郎=やまだ^たろう",
        InstitutionName="Universitätsklinikum Überlingen 北京协和医院",
    )
    report = signed(of, [MissesAttested(True, READER, AT)], reader="Δρ Ελένη Παπαδοπούλου 김철수")
    text = words(export(report, of, tmp_path))
    for part in (
        "Yamada, Tarou (山田 太郎; やまだ たろう)",
        "Überlingen 北京协和医院",
        "Ελένη",
        "김철수",
    ):
        assert part in text


def test_a_name_in_a_right_to_left_script_says_how_it_is_printed(tmp_path: Path) -> None:
    of = film_of(tmp_path, PatientName="כהן^דוד")
    note = "Its right-to-left letters are printed from left to right."
    assert note in words(export(normal_report(of), of, tmp_path))
    assert note not in words(export(normal_report(film()), film(), tmp_path))


def test_long_texts_flow_over_pages_and_nothing_is_cut(tmp_path: Path) -> None:
    of = film()
    pdf = export(long_report(of), of, tmp_path)
    text = words(pdf)
    assert len(pdf.pages) > 5
    assert [n for n in range(2000) if f"remark{n} " not in text + " "] == []
    assert [n for n in range(150) if f"Line {n} of the report." not in text] == []
    assert [n for n in range(20) if f"Mass {n}." not in text] == []


def test_words_that_look_like_markup_are_printed_as_they_are(tmp_path: Path) -> None:
    of = film()
    events = [MissesAttested(True, READER, AT), TextChanged("a <b>b</b> & <br/> c", READER, AT)]
    assert "a <b>b</b> & <br/> c" in words(export(signed(of, events), of, tmp_path))


def fonts(pdf: PdfReader) -> dict[str, bool]:
    """Base font name to whether its glyphs are embedded."""
    found: dict[str, bool] = {}
    for page in pdf.pages:
        for each in page["/Resources"]["/Font"].values():  # type: ignore[index]
            font: DictionaryObject = each.get_object()
            found[str(font["/BaseFont"])] = "/FontFile2" in font.get("/FontDescriptor", {})
    return found


def test_every_font_of_a_european_report_is_embedded(full: PdfReader) -> None:
    assert len(fonts(full)) >= 2
    assert all(fonts(full).values())


def test_the_properties_of_the_file_say_nothing_of_the_patient(full: PdfReader) -> None:
    said = " ".join(str(value) for value in (full.metadata or {}).values())
    assert "SecondRead" in said
    assert not any(part in said for part in ("RG1", "Compressed", "1940", "THORAX"))


def test_an_image_that_cannot_be_decoded_stops_the_export_in_words(tmp_path: Path) -> None:
    of = film_of(tmp_path)
    content = of.path.read_bytes()
    of.path.write_bytes(content[: len(content) // 2])
    report = normal_report(film(of.path))
    with pytest.raises(ExportError, match=r"film\.dcm"):
        PLUGIN.write(report, Evidence({of.sop_instance_uid: of.path}), tmp_path / "out")
    assert not (tmp_path / "out").exists()
