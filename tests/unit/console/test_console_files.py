"""The console's files: one catalogue in two languages, nothing from elsewhere, outside files as they were checked."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "vms" / "console" / "static"
VENDOR = STATIC / "vendor"
SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
PAGES = [STATIC / "index.html", STATIC / "crew.html"]
OURS = [*SCRIPTS, *sorted((STATIC / "css").glob("*.css")), *PAGES, STATIC / "crew-worker.js"]

NAMED_KEY = re.compile(r"\btO?r?\(\s*'([^']+)'")
EITHER_KEY = re.compile(r"\bt\([^()'`]*(?:\([^()]*\))?[^()'`]*\?\s*'([^']+)'\s*:\s*'([^']+)'")
MADE_KEY = re.compile(r"\btO?r?\(\s*`([^`$]*)\$\{")
KEY_IN_CHOICE = re.compile(r"'([a-z_]+(?:\.[a-z_0-9]+)+)'")


def catalogue(language: str) -> dict[str, str]:
    return json.loads((STATIC / "i18n" / f"{language}.json").read_text(encoding="utf-8"))


def all_scripts() -> str:
    return "\n".join(script.read_text(encoding="utf-8") for script in SCRIPTS)


def test_both_languages_know_the_same_words() -> None:
    assert catalogue("zh").keys() == catalogue("en").keys()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_text_is_empty(language: str) -> None:
    assert [key for key, text in catalogue(language).items() if not text.strip()] == []


def test_both_languages_fill_in_the_same_names() -> None:
    chinese, english = catalogue("zh"), catalogue("en")
    names = re.compile(r"\{(\w+)\}")
    differing = [key for key in chinese if set(names.findall(chinese[key])) != set(names.findall(english[key]))]
    assert differing == []


def test_every_word_that_a_script_asks_for_exists() -> None:
    text, words = all_scripts(), catalogue("zh")
    asked = set(NAMED_KEY.findall(text)) | {key for pair in EITHER_KEY.findall(text) for key in pair}
    assert asked, "the pattern finds no key at all"
    assert sorted(asked - words.keys()) == []


def test_every_made_key_has_words_that_it_can_mean() -> None:
    words = catalogue("zh")
    prefixes = set(MADE_KEY.findall(all_scripts()))
    assert "status." in prefixes
    assert [prefix for prefix in sorted(prefixes) if not any(key.startswith(prefix) for key in words)] == []


def test_no_word_is_left_over() -> None:
    text = all_scripts()
    named = set(NAMED_KEY.findall(text)) | set(KEY_IN_CHOICE.findall(text))
    prefixes = tuple(MADE_KEY.findall(text))
    assert [key for key in catalogue("zh") if key not in named and not key.startswith(prefixes)] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: str(script.relative_to(STATIC)))
def test_no_script_carries_a_text_of_its_own(script: Path) -> None:
    content = script.read_text(encoding="utf-8")
    assert re.findall(r"[\u4e00-\u9fff]+", content) == []
    templates = re.sub(r"^\s*//.*$|/\*\*.*?\*/", "", content, flags=re.MULTILINE | re.DOTALL)
    between_tags = re.findall(r"</?[a-z][^<>`$]*>\s*([A-Za-z]{3,}[^<>{}$`]*)<", templates)
    assert between_tags == []


@pytest.mark.parametrize("file", OURS, ids=lambda file: str(file.relative_to(STATIC)))
def test_nothing_is_fetched_from_elsewhere(file: Path) -> None:
    content = file.read_text(encoding="utf-8")
    assert re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}", content) == []


def test_every_import_names_a_file_that_is_there() -> None:
    missing = []
    for script in SCRIPTS:
        for name in re.findall(r"from '([^']+)'", script.read_text(encoding="utf-8")):
            if not name.startswith(".") or not (script.parent / name).is_file():
                missing.append((script.name, name))
    assert missing == []


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_the_page_names_only_files_that_are_there(file: Path) -> None:
    page = file.read_text(encoding="utf-8")
    names = re.findall(r'(?:src|href)="([^"#]+)"', page)
    assert names
    assert [name for name in names if not (STATIC / name).is_file()] == []


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_the_page_has_no_script_of_its_own(file: Path) -> None:
    page = file.read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert re.findall(r"\son[a-z]+=", page) == []


def versions() -> list[dict]:
    return json.loads((VENDOR / "versions.json").read_text(encoding="utf-8"))["packages"]


def test_outside_files_are_those_that_were_checked() -> None:
    wrong = []
    for package in versions():
        for file in package["files"]:
            content = (VENDOR / file["to"]).read_bytes()
            if hashlib.sha256(content).hexdigest() != file["sha256"]:
                wrong.append(file["to"])
    assert wrong == []


def test_no_outside_file_is_unaccounted_for() -> None:
    named = {file["to"] for package in versions() for file in package["files"]} | {"versions.json"}
    assert {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()} == named


def test_every_outside_package_brings_its_licence() -> None:
    without = [
        package["name"]
        for package in versions()
        if not package["licence"] or not any("LICENSE" in file["to"] for file in package["files"])
    ]
    assert without == []


TOKEN = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6});")


def tokens(theme: str) -> dict[str, str]:
    sheet = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    block = re.search(rf'\[data-theme="{theme}"\] {{(.*?)\n}}', sheet, re.DOTALL)
    assert block
    return dict(TOKEN.findall(block[1]))


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("ink", ["ink", "ink-2", "ink-3", "up-ink", "suspect-ink", "down-ink", "unknown-ink"])
@pytest.mark.parametrize("ground", ["ground", "panel", "panel-2", "hover"])
def test_text_stands_out_from_its_ground(theme: str, ink: str, ground: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_main_button_can_be_read(theme: str) -> None:
    colours = tokens(theme)
    assert contrast(colours["accent-ink"], colours["accent"]) >= 4.5
