"""`vms diagnose`: what is wrong with these pictures, and by which figure."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from vms.cli.option_of_many import REFERENCE, ReferencesInARow
from vms.cli.output import print_json, print_table, progress, say
from vms.core.errors import BadInput
from vms.health.picture.baseline import Light
from vms.health.words import WORDS
from vms.media.diagnosis.writing import Region
from vms.services.diagnose_files import Diagnosed, baseline_of, diagnose_files

AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document")]
"""Not the server's: that module loads the whole program, which no picture needs."""


def add_to(app: typer.Typer) -> None:
    app.command(cls=ReferencesInARow)(diagnose)


def diagnose(
    images: Annotated[list[Path], typer.Argument(help="pictures; a folder is one sequence in time, by its names")],
    reference: Annotated[
        list[Path] | None,
        typer.Option(
            REFERENCE,
            help="normal pictures of the same camera, or folders of them: all words up to the next option or `--`",
        ),
    ] = None,
    osd: Annotated[str, typer.Option(help="where the caption stands: LEFT,TOP,WIDTH,HEIGHT as shares 0…1")] = "",
    light: Annotated[Light | None, typer.Option(help="the light at that time, where it is known")] = None,
    as_json: AsJson = False,
) -> None:
    """Name the faults of pictures. Ends with 1 where a picture cannot be read, after all others."""
    region = _region(osd) if osd else None
    baseline, failed = baseline_of(reference, region) if reference else (None, ())
    for sentence in failed:
        say(escape(sentence))
    results = []
    with progress(as_json) as bar:
        task = bar.add_task("pictures", total=len(images))
        for result in diagnose_files(images, baseline, region, light):
            results.append(result)
            bar.advance(task)
    if as_json:
        print_json([_document(result) for result in results])
    else:
        _show(results)
    if any(result.error for result in results):
        raise typer.Exit(1)


def _document(result: Diagnosed) -> dict[str, Any]:
    findings = [{"kind": f.kind.value, "score": round(f.score, 3), "because": f.because} for f in result.findings]
    document: dict[str, Any] = {"image": result.image, "findings": findings}
    if result.error:
        document["error"] = result.error
    if result.pictures != 1 or result.unreadable:
        document |= {"pictures": result.pictures, "unreadable": list(result.unreadable)}
    if result.note:
        document["note"] = result.note
    return document


def _show(results: Sequence[Diagnosed]) -> None:
    rows: list[tuple[str, ...]] = []
    for result in results:
        name = escape(Path(result.image).name or result.image)
        if result.error:
            rows.append((name, "unreadable", "", escape(result.error)))
        elif not result.findings:
            rows.append((name, "nothing found", "", ""))
        for finding in result.findings:
            rows.append((name, " ".join(WORDS[finding.kind]), f"{finding.score:.2f}", finding.because))
        rows.extend((name, "left out", "", escape(sentence)) for sentence in result.unreadable)
        if result.note:
            rows.append((name, "not asked", "", result.note))
    print_table(("image", "finding", "score", "because"), rows)


def _region(text: str) -> Region:
    try:
        left, top, width, height = (float(part) for part in text.split(","))
        return Region(left=left, top=top, width=width, height=height)
    except ValueError as problem:
        raise BadInput("four shares of the picture are asked for: LEFT,TOP,WIDTH,HEIGHT", where="--osd") from problem
