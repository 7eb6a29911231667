"""A turn of the orders in pieces: what there is to do is read while others write, then done a few orders at a time."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from vms.services.work_orders.order_book import OrderBook, WorkingHours
from vms.store import work_orders
from vms.store.database import Database

ORDERS_AT_ONCE = 100
"""Each is some five rows: itself, its steps, its faults, its news."""
FAULTS_PER_ORDER = 5
T = TypeVar("T")
Found = Callable[[Connection, Collection[int] | None], Sequence[int]]
"""Which of these, or of all, it concerns now."""
Doing = Callable[[OrderBook, Sequence[int]], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTurn:
    """Each piece is a transaction that is right on its own: what it is about is asked again within it."""

    database: Database
    now: datetime
    at_once: int = ORDERS_AT_ONCE

    @contextmanager
    def piece(self) -> Iterator[OrderBook]:
        """Alone among those who open orders; written at the end."""
        with self.database.writing() as tx:
            work_orders.take_turn(tx)
            book = OrderBook(tx, self.now, WorkingHours(tx))
            yield book
            book.write()

    def each(self, find: Found, do: Doing, *, at_once: int = 0) -> int:
        """The sum of what `do` says. Nothing is written where nothing is found."""
        with self.database.reading() as tx:
            found = find(tx, None)
        done = 0
        for some in sliced(found, at_once or self.at_once):
            with self.piece() as book:
                still = find(book.tx, some)
                done += do(book, still) if still else 0
        return done

    def each_fault(self, find: Found, do: Doing) -> int:
        return self.each(find, do, at_once=self.at_once * FAULTS_PER_ORDER)


def sliced(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
