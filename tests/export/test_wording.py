"""Names, dates and places as people read them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from viewer.domain.readable import readable_date, readable_name
from viewer.export.wording import readable_moment, readable_time, signer_text
from viewer.review.report import Signature


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("Doe^Jane", "Doe, Jane"),
        (
            "Adams^John Robert Quincy^^Rev.^B.A. M.Div.",
            "Adams, Rev. John Robert Quincy, B.A. M.Div.",
        ),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "Yamada, Tarou (山田 太郎; やまだ たろう)"),
        ("=王^小明", "王 小明"),
        ("Müller", "Müller"),
        ("", "name not stated"),
        ("^^", "name not stated"),
    ],
)
def test_a_person_name_is_read_in_all_its_groups(stored: str, read: str) -> None:
    assert readable_name(stored) == read


@pytest.mark.parametrize(
    ("stored", "read"), [("19400305", "1940-03-05"), ("1940", "1940"), ("19401399", "19401399")]
)
def test_a_date_is_read_only_where_it_is_one(stored: str, read: str) -> None:
    assert readable_date(stored) == read


@pytest.mark.parametrize(("stored", "read"), [("185059.25", "18:50"), ("18", "18"), ("", "")])
def test_a_time_is_read_to_the_minute(stored: str, read: str) -> None:
    assert readable_time(stored) == read


@pytest.mark.parametrize(
    ("zone", "read"),
    [
        (timezone(timedelta(hours=5, minutes=30)), "2026-11-22 14:05:09 (UTC+05:30)"),
        (timezone(timedelta(hours=-4)), "2026-11-22 14:05:09 (UTC−04:00)"),
        (UTC, "2026-11-22 14:05:09 (UTC+00:00)"),
    ],
)
def test_a_moment_carries_its_zone(zone: timezone, read: str) -> None:
    assert readable_moment(datetime(2026, 11, 22, 14, 5, 9, tzinfo=zone)) == read


@pytest.mark.parametrize(("user", "read"), [("li", "Dr Li (account li)"), ("", "Dr Li")])
def test_a_signer_is_read_with_the_account_where_one_is_recorded(user: str, read: str) -> None:
    signature = Signature("Dr Li", datetime(2026, 11, 22, tzinfo=UTC), "Reviewed.", user)
    assert signer_text(signature) == read
