"""ORU^R01: strictly valid, every name and delimiter comes back as it went in, nothing unverified is final."""

import re
from pathlib import Path

import pytest
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.parser import parse_message
from signed_reports import (
    READER,
    USER,
    amended_reports,
    evidence,
    film,
    film_of,
    full_events,
    full_report,
    signed,
)

from viewer.export.formats.hl7_oru import PLUGIN
from viewer.export.messages.hl7 import ESCAPES, escaped, extended_name, oru_message
from viewer.review.report import SignedReport


def fields(message: str, segment: str) -> list[list[str]]:
    lines = message.split("\r")
    return [line.split("|") for line in lines if line.startswith(f"{segment}|")]


def unescaped(text: str) -> str:
    """As a receiver does it: sequence by sequence, from the left."""
    meaning = {sequence: one for one, sequence in ESCAPES.items() if one not in ("\r", "\r\n")}
    return re.sub(r"\\(?:[EFSTR]|\.br)\\", lambda found: meaning[found.group()], text)


def test_it_is_valid_by_the_strict_rules_of_the_version() -> None:
    message = oru_message(full_report(film()), b"%PDF-1.4 short")
    parsed = parse_message(message, validation_level=VALIDATION_LEVEL.STRICT)
    assert parsed.validate()
    assert parsed.msh.msh_9.to_er7() == "ORU^R01^ORU_R01"


def test_a_final_report_is_f_and_a_corrected_one_is_c() -> None:
    first, second = amended_reports(film())
    for report, status in ((first, "F"), (second, "C")):
        message = oru_message(report, None)
        assert fields(message, "OBR")[0][25] == status
        assert {row[11] for row in fields(message, "OBX")} == {status}


def test_the_interpreter_is_named_with_the_account_that_signed() -> None:
    message = oru_message(full_report(film()), None)
    assert fields(message, "OBR")[0][32] == f"{USER}&{READER}"
    assert f"{READER} (account {USER})" in message


def test_it_is_marked_as_no_production_message() -> None:
    assert fields(oru_message(full_report(film()), None), "MSH")[0][10] == "T"


@pytest.mark.parametrize(
    "name",
    [
        "Yamada^Tarou=山田^太郎=やまだ^たろう",
        "Wang^XiaoDong=王^小東",
        "Διονυσιος",
        "Äneas^Rüdiger^Ö^Dr^Jr",
        "O'Neil|A&B^X~Y\\Z",
    ],
)
def test_a_name_comes_back_as_it_went_in(name: str, tmp_path: Path) -> None:
    of = film_of(tmp_path, PatientName=name.replace("\\", " "))
    (path,) = PLUGIN.write(full_report(of), evidence(of), tmp_path / "out")
    (pid,) = fields(path.read_bytes().decode("utf-8"), "PID")
    groups = []
    for one in pid[5].split("~"):
        family, given, middle, suffix, prefix, *_rest = [unescaped(p) for p in one.split("^")]
        groups.append("^".join((family, given, middle, prefix, suffix)).rstrip("^"))
    assert "=".join(groups) == name.replace("\\", " ").rstrip("^")


@pytest.mark.parametrize("text", ["a|b^c&d~e\\f", "\\F\\", "line 1\nline 2", "Grüße 王 Ω"])
def test_text_survives_escaping(text: str) -> None:
    assert "|" not in escaped(text) and "\n" not in escaped(text)
    assert unescaped(escaped(text)) == text


def test_an_absent_phonetic_group_makes_no_empty_name() -> None:
    assert extended_name("Wang^X==").count("~") == 0


def test_the_readers_text_cannot_forge_a_segment() -> None:
    of = film()
    report: SignedReport = signed(of, full_events(of, text="fine\rOBX|99|TX|x||forged||||||F"))
    message = oru_message(report, None)
    assert not any(row[1] == "99" for row in fields(message, "OBX"))


def test_an_overridden_finding_is_stated_absent() -> None:
    rows = fields(oru_message(full_report(film()), None), "OBX")
    stated = {row[3].split("^")[0]: row[5].split("^")[1] for row in rows if row[2] == "CWE"}
    assert stated["8186001"] == "Present"
    assert stated["112001"] == "Absent"
