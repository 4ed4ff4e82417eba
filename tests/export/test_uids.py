"""UIDs, names and times of exported objects."""

from datetime import datetime, timedelta, timezone

import pytest

from viewer.export.uids import date_time, derived_uid, device_uid, person_name, series_uid


def test_the_same_parts_give_the_same_uid_and_others_another() -> None:
    assert derived_uid("a", "b") == derived_uid("a", "b")
    assert len({derived_uid("a", "b"), derived_uid("ab"), derived_uid("b", "a")}) == 3


def test_a_derived_uid_is_a_valid_uid_under_2_25() -> None:
    for part in map(str, range(200)):
        uid = series_uid(part, "reader SR")
        root, number = uid.rsplit(".", 1)
        assert root == "2.25" and len(uid) <= 64 and number == str(int(number))


def test_new_weights_are_a_new_device() -> None:
    assert device_uid("5f" * 32) != device_uid("5f" * 31 + "60")


def test_a_date_time_keeps_the_zone_it_was_stated_in() -> None:
    at = datetime(2026, 11, 22, 14, 5, 9, 250000, tzinfo=timezone(timedelta(hours=-4)))
    assert date_time(at) == "20261122140509.250000-0400"


@pytest.mark.parametrize(
    ("printed", "stored"),
    [
        ("Dr Eva Müller", "Dr Eva Müller^"),
        ("Li^Wei", "Li^Wei"),
        ("A\\B=C\nD", "A B C D^"),
        ("x" * 80, "x" * 63 + "^"),
    ],
)
def test_a_printed_name_becomes_a_legal_person_name(printed: str, stored: str) -> None:
    assert person_name(printed) == stored
