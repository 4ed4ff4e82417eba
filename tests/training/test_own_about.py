"""What is said about a model is checked before it is trained, not after."""

import json
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the training libraries are not installed here")

from models.training.classify.settings import Options
from models.training.common.own_about import about
from models.training.common.own_settings import DataError


def _told(tmp_path: Path, **said: object) -> dict:
    path = tmp_path / "about.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    return about(Options(tmp_path, tmp_path / "my_model", tmp_path / "run", about=path))


def test_what_is_not_said_is_filled_in(tmp_path: Path) -> None:
    found = _told(tmp_path, licence="CC0")
    assert (found["name"], found["licence"], found["version"]) == ("my model", "CC0", "1.0.0")


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"version": "1.0"}, "version must be like 1.0.0"),
        ({"model_id": "My Model"}, "model_id must be like org.hospital.name"),
        ({"name": 5}, "name must be text"),
        ({"authors": "x"}, "unknown fields: authors"),
        ({"labels": ["effusion"]}, "labels must be an object"),
        ({"labels": {"effusion": "Effusion"}}, "the label effusion must be an object"),
        ({"labels": {"effusion": {"code": "60046008"}}}, "value, scheme and meaning"),
        (
            {"labels": {"e": {"code": {"value": "60046009", "scheme": "SCT", "meaning": "E"}}}},
            "check digit",
        ),
    ],
)
def test_what_the_package_could_not_say_is_refused_by_name(
    tmp_path: Path, said: dict, wrong: str
) -> None:
    with pytest.raises(DataError, match=wrong):
        _told(tmp_path, **said)
