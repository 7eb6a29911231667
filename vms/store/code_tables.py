"""The code tables: those that come with the program, and above them what the office put in."""

from functools import lru_cache
from importlib.resources import files

from sqlalchemy import Connection, select

from vms.inventory.archive.codes import CodeEntry, CodeTables, read_tables
from vms.store.schema import code_entries
from vms.store.upsert import upsert


@lru_cache(maxsize=1)
def shipped() -> tuple[CodeEntry, ...]:
    text = files("vms.inventory.archive").joinpath("codes.toml").read_text(encoding="utf-8")
    return read_tables(text)


def of_office(tx: Connection) -> tuple[CodeEntry, ...]:
    c = code_entries.c
    rows = tx.execute(select(code_entries).order_by(c.table_name, c.edition, c.position, c.code)).mappings()
    return tuple(
        CodeEntry(
            table=row["table_name"],
            edition=row["edition"],
            code=row["code"],
            zh=row["name_zh"],
            en=row["name_en"],
            in_use=row["in_use"],
            position=row["position"],
            shipped=False,
        )
        for row in rows
    )


def every(tx: Connection) -> CodeTables:
    """All in force now; a few hundred entries."""
    return CodeTables.of(shipped(), of_office(tx))


def put(tx: Connection, entry: CodeEntry) -> None:
    """Adds it, or replaces what this code means in this edition."""
    row = {
        "table_name": entry.table,
        "edition": entry.edition,
        "code": entry.code,
        "name_zh": entry.zh,
        "name_en": entry.en,
        "in_use": entry.in_use,
        "position": entry.position,
    }
    changing = ("name_zh", "name_en", "in_use", "position")
    upsert(tx, code_entries, [row], lambda excluded: {name: excluded[name] for name in changing})
