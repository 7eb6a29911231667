"""`vms import`, `vms export`, `vms mapping`."""

import json
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from vms.cli.output import print_json, print_table, progress, say, say_as_it_is
from vms.cli.server import AsJson, Config, Db, store_of
from vms.core.clock import system_clock
from vms.core.errors import BadInput
from vms.inventory.camera import CoordinateSystem
from vms.inventory.filters.expression import parse_filter
from vms.inventory.lists.column_mapping import NO_MAPPING, ColumnMapping, mapping_as_json, mapping_from_json
from vms.inventory.tier import Tier
from vms.services.archive.keep_judged import catch_up_for
from vms.services.export_cameras import Exported, ExportFormat, ExportRequest, ending_format, export_to_file
from vms.services.import_cameras import ImportRequest, import_cameras
from vms.services.lists.catalogue_writer import CatalogueEncoding
from vms.services.lists.sheet_layout import Columns, Headings
from vms.services.preview_list import preview_list
from vms.store import column_mappings, events
from vms.store.camera_filter import CameraFilter
from vms.store.database import Database

WHO = "command line"
MOST_SAID = 100
mappings = typer.Typer(help="How other systems' lists are read, remembered by name.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="of the mapping")]


def add_to(app: typer.Typer) -> None:
    app.command("import")(import_)
    app.command()(export)
    mappings.command("save")(save)
    mappings.command("show")(show)
    mappings.command("list")(every)
    mappings.command("remove")(remove)
    app.add_typer(mappings, name="mapping")


def import_(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or TOML")],
    config: Config = None,
    mapping: Annotated[str, typer.Option(help="name of a mapping saved before")] = "",
    sheet: Annotated[str, typer.Option(help="of a spreadsheet; else the one whose headings are known best")] = "",
    tier: Annotated[Tier | None, typer.Option(help="of the cameras for which the list says none")] = None,
    dry_run: Annotated[bool, typer.Option(help="say what would happen, change nothing")] = False,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Take in a list of cameras; interrupted, it goes on when called again. Exit 1 when rows were rejected."""
    with store_of(config, db) as database:
        request = ImportRequest(mapping=_mapping(database, mapping, tier), mapping_name=mapping, sheet=sheet)
        with progress(as_json) as bar:
            task = bar.add_task("rows", total=None)
            result = import_cameras(
                database,
                file,
                request=request,
                dry_run=dry_run,
                who=WHO,
                on_accepted=lambda so_far: bar.update(task, completed=so_far.last_row),
            )
    if as_json:
        print_json(result.as_json())
    else:
        for item in result.rejected:
            say_as_it_is(f"row {item.row}, {item.field}: {item.reason} ({item.value!r})")
        if result.resumed_after_row:
            say(f"an import of this file was interrupted; it went on behind row {result.resumed_after_row}")
        say(
            f"{result.rows} rows: {result.created} created, {result.updated} updated, {result.unchanged} unchanged, "
            f"{result.rejected_rows} rejected" + (" (nothing was changed)" if dry_run else "")
        )
    raise typer.Exit(1 if result.rejected_rows else 0)


def export(
    file: Annotated[Path, typer.Argument(help="ends in .csv .xlsx .toml .geojson .kml, or .xml for gb28181")],
    config: Config = None,
    file_format: Annotated[ExportFormat | None, typer.Option("--format", help="else by the file's ending")] = None,
    expression: Annotated[str, typer.Option("--filter", help="such as: tier=unit and status=down")] = "",
    sheet: Annotated[Columns, typer.Option(help="archive27: the collection sheet of 27 columns")] = Columns.ALL,
    headings: Annotated[Headings | None, typer.Option(help="names in CSV, zh in XLSX where nothing is said")] = None,
    contacts: Annotated[bool, typer.Option(help="as they are; else masked in lists, left out of the rest")] = False,
    retired: Annotated[bool, typer.Option(help="also retired cameras, where --filter asks for no state")] = False,
    encoding: Annotated[CatalogueEncoding, typer.Option(help="of gb28181")] = CatalogueEncoding.GB18030,
    platform_id: Annotated[str, typer.Option(help="of gb28181: 20 digits, who answers")] = "",
    without_valid_id: Annotated[bool, typer.Option(help="in gb28181 also without a valid id, under a number")] = False,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Write the inventory to a file, whole or not at all; CSV, XLSX and TOML are what `vms import` reads."""
    request = ExportRequest(
        file_format=file_format or ending_format(file),
        camera_filter=CameraFilter(expression=parse_filter(expression), sees_addresses=True),
        columns=sheet,
        headings=headings,
        contacts=contacts,
        retired=retired,
        encoding=encoding,
        platform_id=platform_id,
        without_valid_id=without_valid_id,
    )
    with store_of(config, db) as database:
        catch_up_for(database, request.camera_filter.expression, system_clock(), every=True)
        exported = export_to_file(database, file, request)
        content = {"format": request.file_format.value, "filter": expression, "contacts": contacts, "who": WHO}
        with database.writing() as tx:
            counts = {"cameras": exported.written, "not_in_it": exported.not_in_it}
            events.append(tx, "list.exported", None, content | counts, system_clock())
    if as_json:
        print_json({"file": str(file), "format": request.file_format.value, **_told(exported)})
    else:
        _say(exported, file)


def _told(exported: Exported) -> dict[str, Any]:
    named = [
        {"camera_id": one.camera_id, "name": one.name, "gb_device_id": one.gb_device_id, "reason": one.reason}
        for one in exported.not_in_catalogue
    ]
    counts = {"cameras": exported.written, "left_out": exported.left_out, "retired": exported.retired}
    return {**counts, "not_entered": exported.not_entered, "unfit": len(named), "not_in_catalogue": named}


def _say(exported: Exported, file: Path) -> None:
    say(f"{exported.written} cameras in {file}")
    if exported.left_out:
        say(f"{exported.left_out} left out: their owners registered them, and a list carries no consent")
    if exported.retired:
        say(f"{exported.retired} left out: retired (--retired takes them too)")
    if exported.not_entered:
        say(f"{exported.not_entered} left out: nobody has accepted or named them yet (--sheet all takes them too)")
    for one in exported.not_in_catalogue[:MOST_SAID]:
        say_as_it_is(f"not in it: camera {one.camera_id} ({one.name}): {one.reason}")
    if len(exported.not_in_catalogue) > MOST_SAID:
        say(f"and {len(exported.not_in_catalogue) - MOST_SAID} more are not in it; --json names them all")


def save(
    name: Name,
    file: Annotated[
        Path, typer.Argument(help="a list, from whose headings it is guessed; or a mapping (.json, .toml)")
    ],
    column: Annotated[list[str] | None, typer.Option(help="HEADING=COLUMN; an empty column is not read")] = None,
    value: Annotated[list[str] | None, typer.Option(help="COLUMN:THEIRS=OURS")] = None,
    constant: Annotated[list[str] | None, typer.Option(help="COLUMN=VALUE for rows that say nothing")] = None,
    coordinates: Annotated[CoordinateSystem | None, typer.Option(help="of all positions")] = None,
    date_format: Annotated[str, typer.Option(help="such as %d.%m.%Y")] = "",
    encoding: Annotated[str, typer.Option(help="of a CSV file: utf-8, gb18030, big5, latin-1")] = "",
    sheet: Annotated[str, typer.Option(help="of a spreadsheet")] = "",
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Remember how a list is read; call it again to correct it."""
    with store_of(config, db) as database:
        content = mapping_as_json(_given(database, file, sheet, encoding))
        content["headings"] |= dict(_pair(text, "--column") for text in column or ())
        content["constants"] |= dict(_pair(text, "--constant") for text in constant or ())
        for text in value or ():
            where, ours = _pair(text, "--value")
            of_column, _, theirs = where.partition(":")
            content["values"].setdefault(of_column, {})[theirs] = ours
        said = {"coordinate_system": coordinates.value if coordinates else "", "date_format": date_format}
        content |= {key: text for key, text in (said | {"encoding": encoding, "sheet": sheet}).items() if text}
        mapping = mapping_from_json(content)
        with database.writing() as tx:
            column_mappings.put(tx, name, mapping, WHO, system_clock())
    _tell(name, mapping, as_json)


def show(name: Name, config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """What a mapping says."""
    with store_of(config, db) as database, database.reading() as tx:
        found = column_mappings.get(tx, name)
    _tell(name, found.mapping, as_json)


def every(config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """All mappings."""
    with store_of(config, db) as database, database.reading() as tx:
        found = column_mappings.every(tx)
    if as_json:
        print_json([{"name": one.name, "changed_at": one.changed_at, "changed_by": one.changed_by} for one in found])
        return
    print_table(("name", "changed", "by"), ((one.name, one.changed_at, one.changed_by) for one in found))


def remove(name: Name, config: Config = None, db: Db = None) -> None:
    """Forget a mapping."""
    with store_of(config, db) as database, database.writing() as tx:
        column_mappings.remove(tx, name, WHO, system_clock())


def _mapping(database: Database, name: str, tier: Tier | None) -> ColumnMapping:
    mapping = NO_MAPPING
    if name:
        with database.reading() as tx:
            mapping = column_mappings.get(tx, name).mapping
    return mapping if tier is None else mapping.with_constants({"tier": tier.value})


def _given(database: Database, file: Path, sheet: str, encoding: str) -> ColumnMapping:
    """From a file that is a mapping, else guessed from the headings of a list."""
    try:
        text = file.read_text(encoding="utf-8") if file.suffix.lower() in (".json", ".toml") else None
        content = None if text is None else json.loads(text) if file.suffix.lower() == ".json" else tomllib.loads(text)
    except OSError as problem:
        raise BadInput(problem.strerror or "cannot be read", where=str(file)) from None
    except ValueError as problem:
        raise BadInput(f"not readable: {problem}", where=str(file)) from None
    if content is not None:
        return mapping_from_json(content)
    return preview_list(database, file, ImportRequest(sheet=sheet), encoding=encoding).proposal


def _pair(text: str, option: str) -> tuple[str, str]:
    left, sign, right = text.rpartition("=")
    if not sign:
        raise BadInput("write it as LEFT=RIGHT", where=f"{option} {text}")
    return left, right


def _tell(name: str, mapping: ColumnMapping, as_json: bool) -> None:
    content: dict[str, Any] = mapping_as_json(mapping)
    if as_json:
        print_json({"name": name, **content})
        return
    print_table(("heading", "column"), content["headings"].items())
    for column, words in content["values"].items():
        print_table((f"{column}: theirs", "ours"), words.items())
    print_table(("for all rows", "value"), content["constants"].items())
    for key in ("coordinate_system", "date_format", "encoding", "sheet"):
        if content[key]:
            say(f"{key}: {content[key]}")
