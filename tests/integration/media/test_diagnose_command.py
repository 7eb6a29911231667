"""`vms diagnose` on files: results per image, sequences, references, and what cannot be read."""

import json
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import pytest

from tests.builders.pictures import FAULTY, a_street, jpeg
from tests.builders.warm_vms import run_vms
from vms.core.errors import BadInput
from vms.services.diagnose_files import Diagnosed, baseline_of, diagnose_files


def written(folder: Path, name: str, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    return path


def a_png(width: int, height: int) -> bytes:
    """A PNG whose header claims a size and whose data is a few bytes."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0" * 99))]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + body


def kinds(result: Diagnosed) -> set[str]:
    return {finding.kind.value for finding in result.findings}


@pytest.fixture
def references(tmp_path: Path) -> Path:
    for seed in range(3):
        written(tmp_path / "normal", f"{seed}.jpg", jpeg(a_street(50 + seed)))
    return tmp_path / "normal"


def run(*arguments: str) -> tuple[int, Any, str]:
    ran = run_vms("diagnose", *arguments, cwd=Path.cwd(), within_s=60)
    return ran.code, json.loads(ran.out) if "--json" in arguments else ran.out.decode(), ran.said.decode()


def test_the_command_prints_a_result_per_image_and_says_what_it_could_not_read(
    tmp_path: Path, references: Path
) -> None:
    good = written(tmp_path, "good.jpg", jpeg(a_street(1)))
    covered = written(tmp_path, "covered.jpg", jpeg(FAULTY["occlusion"](a_street(1))))
    broken = written(tmp_path, "broken.jpg", b"\xff\xd8 no picture")
    code, results, _ = run(str(good), str(broken), str(covered), "--reference", str(references), "--json")
    assert code == 1
    assert [Path(result["image"]).name for result in results] == ["good.jpg", "broken.jpg", "covered.jpg"]
    assert results[0]["findings"] == []
    assert "not a usable" in results[1]["error"]
    (finding,) = results[2]["findings"]
    assert finding["kind"] == "occlusion"
    assert 0.5 <= finding["score"] <= 1
    assert "limit" in finding["because"]


def test_every_word_after_reference_is_one_up_to_the_next_option(tmp_path: Path) -> None:
    good, other = (written(tmp_path, name, jpeg(a_street(seed))) for name, seed in (("good.jpg", 1), ("other.jpg", 2)))
    normal = [str(written(tmp_path, f"r{seed}.jpg", jpeg(a_street(50 + seed)))) for seed in range(3)]
    for line in (
        (str(good), str(other), "--reference", *normal, "--json"),
        ("--json", "--reference", *normal[:2], "--reference", normal[2], "--", str(good), str(other)),
    ):
        code, results, told = run(*line)
        assert (code, told) == (0, ""), line
        assert [Path(result["image"]).name for result in results] == ["good.jpg", "other.jpg"]


def test_people_read_a_table_with_both_languages(tmp_path: Path) -> None:
    dark = written(tmp_path, "dark.jpg", jpeg(FAULTY["too_dark"](a_street(1))))
    code, table, _ = run(str(dark))
    assert code == 0
    assert "dark.jpg" in table
    assert "画面过暗" in table


@pytest.mark.parametrize("way", [".png", ".webp"])
def test_other_formats_are_read_too(tmp_path: Path, way: str) -> None:
    data = bytes(cv2.imencode(way, FAULTY["blur"](a_street(1)))[1].tobytes())
    (result,) = diagnose_files([written(tmp_path, "picture", data)])
    assert kinds(result) == {"blur"}


def test_a_folder_is_one_sequence_by_its_names(tmp_path: Path) -> None:
    for number in range(4):
        written(tmp_path / "burst", f"{number}.jpg", jpeg(a_street(1)))
    written(tmp_path / "burst", "2b.jpg", b"nothing")
    (result,) = diagnose_files([tmp_path / "burst"])
    assert kinds(result) == {"frozen"}
    assert result.pictures == 4
    assert len(result.unreadable) == 1


@pytest.mark.parametrize(("count", "found", "said"), [(1, set(), "no sequence"), (2, {"frozen"}, "last pixel")])
def test_a_folder_too_short_says_what_was_not_asked(tmp_path: Path, count: int, found: set[str], said: str) -> None:
    for number in range(count):
        written(tmp_path / "burst", f"{number}.jpg", jpeg(a_street(1)))
    (result,) = diagnose_files([tmp_path / "burst"])
    assert kinds(result) == found
    assert said in result.note


def test_a_view_that_turns_within_a_folder_is_told_without_and_with_references(
    tmp_path: Path, references: Path
) -> None:
    for number in range(6):
        picture = a_street(number) if number < 3 else FAULTY["scene_change"](a_street(number))
        written(tmp_path / "burst", f"{number}.jpg", jpeg(picture))
    assert kinds(next(diagnose_files([tmp_path / "burst"]))) == {"scene_change"}
    assert kinds(next(diagnose_files([tmp_path / "burst"], baseline_of([references])[0]))) == {"scene_change"}


def test_what_most_pictures_of_a_sequence_show_is_told_once(tmp_path: Path) -> None:
    for number in range(3):
        written(tmp_path / "burst", f"{number}.jpg", jpeg(FAULTY["stripe"](a_street(number))))
    written(tmp_path / "burst", "9.jpg", jpeg(a_street(9)))
    (result,) = diagnose_files([tmp_path / "burst"])
    assert kinds(result) == {"stripe"}
    assert "in 3 of 4 pictures" in result.findings[0].because


def test_an_empty_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    results = list(diagnose_files([tmp_path / "empty", tmp_path / "away.jpg"]))
    assert "no pictures" in results[0].error
    assert "no such file" in results[1].error


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + bytes(40),
        a_png(60_000, 60_000),
        a_png(12_000, 12_000),
        a_png(4, 4),
        a_png(3000, 20),
        a_png(200, 200),
        b"RIFF\0\0\0\0WEBPVP8X" + bytes(14),
        b"RIFF\0\0\0\0WEBPVP8 " + b"\xff" * 40,
        jpeg(a_street(1))[:4000],
        b"\xff\xd8" + bytes(3000),
    ],
)
def test_hostile_pictures_are_refused_by_name_and_never_crash(tmp_path: Path, data: bytes) -> None:
    good = written(tmp_path, "good.jpg", jpeg(a_street(1)))
    bad, after = diagnose_files([written(tmp_path, "bad.jpg", data), good])
    assert bad.error
    assert after.error == ""


@pytest.mark.parametrize(("width_px", "height_px"), [(64, 48), (16, 16), (200, 30), (2600, 1400)])
def test_pictures_of_any_size_are_measured(tmp_path: Path, width_px: int, height_px: int) -> None:
    (result,) = diagnose_files([written(tmp_path, "a.jpg", jpeg(a_street(1, width_px=width_px, height_px=height_px)))])
    assert result.error == ""


def test_references_that_cannot_be_read_are_refused_only_when_none_can(tmp_path: Path, references: Path) -> None:
    broken = written(tmp_path, "broken.jpg", b"nothing")
    _, failed = baseline_of([references, broken])
    assert len(failed) == 1
    (tmp_path / "empty").mkdir()
    for nothing in (broken, tmp_path / "empty"):
        with pytest.raises(BadInput, match="none of the reference pictures"):
            baseline_of([nothing])
