"""Which rows of the same file came before: a row that describes the same camera again is told from a further one."""

from vms.inventory.lists.entry_claim import ANY_PORT, Claim, EntryKey
from vms.inventory.lists.entry_matching import FIELD_OF_KEY, Doubt

_GB, _SERIAL, _MAC = 4, 2, 1
_TELLS_APART = {"serial": _GB, "mac": _GB | _SERIAL, "address": _GB | _SERIAL | _MAC}
"""Which proofs of two rows tell two cameras apart that share this; the same would be the same camera."""


class RowsOfFile:
    """By hashes: a dry run, which finds nothing of its own rows in the store, remembers those of the whole file."""

    __slots__ = ("_behind", "_row_of_key")

    def __init__(self) -> None:
        self._row_of_key: dict[int, int] = {}
        self._behind: dict[int, tuple[int, int]] = {}
        """Of a serial number, MAC or address, whatever the channel: the first row, and which proofs its rows gave."""

    def clear(self) -> None:
        self._row_of_key.clear()
        self._behind.clear()

    def row_before(self, key: EntryKey) -> int | None:
        return self._row_of_key.get(hash(key))

    def add(self, row: int, claim: Claim, keys: list[EntryKey]) -> None:
        self._row_of_key.update((hash(key), row) for key in keys)
        proofs = 1 << _proofs(claim)
        for key in keys:
            for base in _without_channel(key):
                first, seen = self._behind.get(hash(base), (row, 0))
                self._behind[hash(base)] = (first, seen | proofs)

    def doubt(self, claim: Claim, keys: list[EntryKey]) -> Doubt | None:
        """A camera that is new, and the row does not say which channel of what a row before described."""
        if claim.channel:
            return None
        for key in keys:
            apart = _proofs(claim) & _TELLS_APART.get(str(key[0]), 0)
            for base in _where_it_could_be(key):
                first, seen = self._behind.get(hash(base), (0, 0))
                if any(seen >> other & 1 and not apart & other for other in range(8)):
                    reason = f"row {first} describes a camera there as well; say which channel"
                    return Doubt(field=FIELD_OF_KEY[str(key[0])], value=str(key[1]), reason=reason)
        return None


def _without_channel(key: EntryKey) -> list[EntryKey]:
    """An address counts with its port and without."""
    if key[0] == "address":
        return [key[:2], key[:3]]
    return [key[:2]] if key[0] in _TELLS_APART else []


def _where_it_could_be(key: EntryKey) -> list[EntryKey]:
    """Another port is another device; a port that nobody said may be any."""
    if key[0] == "address" and key[2] != ANY_PORT:
        return [key[:3], (*key[:2], ANY_PORT)]
    return [key[:2]] if key[0] in _TELLS_APART else []


def _proofs(claim: Claim) -> int:
    return (_GB if claim.gb_device_id else 0) | (_SERIAL if claim.serial else 0) | (_MAC if claim.mac else 0)
