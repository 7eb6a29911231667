"""Code tables: what a code means in which edition. Codes that no table knows are kept and flagged, never lost."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field

OFFICE_POSITION = 1000
"""Where entries stand that an office adds without saying where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeEntry:
    table: str
    edition: str
    """The standard and year, or the province, that defines it; `vms`: this program."""
    code: str
    zh: str
    en: str
    in_use: bool = True
    position: int = 0
    sure: bool = True
    """False: from general knowledge, to be checked against the edition."""
    shipped: bool = True
    """False: an office put it in or replaced what came with the program."""


@dataclass(frozen=True, slots=True)
class CodeTables:
    """Built with `CodeTables.of`. An office's word on a code goes before every edition that came with the program."""

    entries: tuple[CodeEntry, ...]
    _by_code: dict[tuple[str, str], CodeEntry] = field(repr=False, compare=False)
    _known: dict[str, frozenset[str | int]] = field(repr=False, compare=False)

    @classmethod
    def of(cls, shipped: Iterable[CodeEntry], office: Iterable[CodeEntry] = ()) -> "CodeTables":
        kept = {(entry.table, entry.edition, entry.code): entry for entry in (*shipped, *office)}
        ordered = sorted(kept.values(), key=lambda one: (one.table, one.edition, one.position, one.code))
        by_code: dict[tuple[str, str], CodeEntry] = {}
        for entry in sorted(ordered, key=lambda one: (not one.in_use, one.shipped)):
            by_code.setdefault((entry.table, entry.code), entry)
        known: dict[str, set[str | int]] = {}
        for (table, code), entry in by_code.items():
            if entry.in_use:
                known.setdefault(table, set()).update((code, int(code)) if code.isdecimal() else (code,))
        return cls(tuple(ordered), by_code, {table: frozenset(codes) for table, codes in known.items()})

    def find(self, table: str, code: object) -> CodeEntry | None:
        """Also one that is in use no longer: old records still have their words."""
        return self._by_code.get((table, str(code)))

    def knows(self, table: str, code: str | int) -> bool:
        """In use in some edition; a whole number stands for its digits."""
        return code in self._known.get(table, ())

    def in_use(self, table: str) -> tuple[CodeEntry, ...]:
        """To choose from, each code once, in order."""
        chosen = (entry for entry in self._by_code.values() if entry.table == table and entry.in_use)
        return tuple(sorted(chosen, key=lambda one: (one.position, len(one.code), one.code)))

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(entry.table for entry in self.entries))


def read_tables(text: str) -> tuple[CodeEntry, ...]:
    """The tables as they come with the program (TOML)."""
    return tuple(
        CodeEntry(
            table=table["name"],
            edition=table["edition"],
            code=code,
            zh=zh,
            en=en,
            position=place,
            sure=table.get("sure", True),
        )
        for table in tomllib.loads(text)["tables"]
        for place, (code, zh, en) in enumerate(table["entries"])
    )
