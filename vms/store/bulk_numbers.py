"""Many rows of whole numbers at once, as an array: for sums over a city's history, a row must not cost an object."""

from datetime import datetime
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, ColumnElement, Connection, Executable, Integer, String, cast, func, type_coerce

Ints = NDArray[np.int64]


def fetch_ints(tx: Connection, statement: Executable, width: int) -> Ints:
    """Shape (rows, width). Every column must be a whole number and never NULL."""
    rows = tx.execute(statement).cursor.fetchall()
    return np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=len(rows) * width).reshape(-1, width)


def microseconds(
    tx: Connection, instant: ColumnElement[datetime] | ColumnElement[datetime | None]
) -> ColumnElement[int]:
    """Since 1970, exactly."""
    if tx.dialect.name != "sqlite":
        return cast(func.extract("epoch", instant) * 1_000_000, BigInteger)
    written = type_coerce(instant, String)  # 2026-05-01 12:00:00.123456
    second = func.substr(written, 1, 19)  # of the whole text SQLite would round to milliseconds, up to the next second
    return cast(func.strftime("%s", second), Integer) * 1_000_000 + cast(func.substr(written, 21, 6), Integer)
