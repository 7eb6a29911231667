"""Which regions a code lies in: by the tree, whatever the codes look like."""

from collections.abc import Iterable, Mapping, Sequence

from vms.places.regions import Region


class Land:
    """Codes that the tree does not know lie where they begin like one of its regions', the longest first; so does
    everything where the tree does not know the region: the same rule as vms.store.region_scope, for the board, rules of
    assignment, service levels, plans and alerts."""

    def __init__(self, parents: Mapping[str, str | None]) -> None:
        """`parents`: of every region of a tree; None: at the top."""
        self._parents = parents
        self._lines: dict[str, tuple[str, ...]] = {}
        self._held: dict[tuple[str, str], bool] = {}

    @classmethod
    def of(cls, regions: Iterable[Region]) -> "Land":
        return cls({region.code: region.parent for region in regions})

    def is_of(self, regions: Iterable[Region]) -> bool:
        """Whether these regions lie in each other as those that it was made of."""
        return self._parents == {region.code: region.parent for region in regions}

    def line(self, code: str) -> tuple[str, ...]:
        """The region and those above it, up to the top; of an unknown one nothing."""
        if code not in self._lines:
            found: list[str] = []
            above = code if code in self._parents else None
            while above is not None:
                found.append(above)
                above = self._parents[above]
            self._lines[code] = tuple(found)
        return self._lines[code]

    def holds(self, wanted: str, code: str) -> bool:
        """Does `code` lie in the region `wanted`? Everything lies in the empty one."""
        if not wanted:
            return True
        key = (wanted, code)
        if key not in self._held:
            line = self.line(code)
            if line:
                self._held[key] = self._is_on(line, wanted)
            else:
                self._held[key] = code.startswith(wanted) or self.holder(wanted, code) is not None
        return self._held[key]

    def holder(self, wanted: str, code: str) -> str | None:
        """The region in `wanted` that a code which the tree does not know begins with, the longest."""
        beginnings = (code[:end] for end in range(len(code) - 1, 0, -1))
        return next((one for one in beginnings if one in self._parents and self._is_on(self.line(one), wanted)), None)

    def _is_on(self, line: Sequence[str], wanted: str) -> bool:
        if wanted in self._parents:
            return wanted in line
        return any(one.startswith(wanted) for one in line)


NO_TREE = Land({})
"""Codes alone: a region holds what begins like it."""
