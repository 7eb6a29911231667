"""What is wrong with a file is told under the name that its user knows, not under where the server keeps it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vms.core.errors import BadInput


@contextmanager
def known_as(path: Path, name: str) -> Iterator[None]:
    try:
        yield
    except BadInput as problem:
        if not problem.where.startswith(str(path)):
            raise
        where = name + problem.where.removeprefix(str(path))
        raise BadInput(problem.reason, where=where, code=problem.code) from None
