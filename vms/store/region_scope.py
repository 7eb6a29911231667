"""A region and all below it, as SQL: by the tree, as the office's board counts it."""

from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, exists, func, or_, select

from vms.store.schema import cameras, regions


def is_within(column: Column[Any], code: str) -> ColumnElement[bool]:
    """Codes that the tree does not know lie where they begin like one of the region's; so does everything where the
    tree does not know the region. The same rule as vms.places.land."""
    known, above, child, told = (regions.alias() for _ in range(4))
    is_known = exists(select(above.c.code).where(above.c.code == code))
    asked = or_(known.c.code == code, and_(~is_known, known.c.code.startswith(code, autoescape=True)))
    below = select(known.c.code).where(asked).cte(recursive=True)
    below = below.union(select(child.c.code).where(child.c.parent_code == below.c.code))

    own = _codes_of_cameras().subquery()
    begins_below = func.substr(own.c.code, 1, func.length(below.c.code)) == below.c.code
    begins = or_(own.c.code.startswith(code, autoescape=True), exists(select(below.c.code).where(begins_below)))
    told_codes = select(told.c.code)
    unknown = select(own.c.code).where(own.c.code.not_in(told_codes), begins)
    found = or_(column.in_(select(below.c.code)), column.in_(unknown))
    if column.table is cameras:
        return found
    return or_(found, and_(column.startswith(code, autoescape=True), column.not_in(told_codes)))  # once a camera's


def is_known(tx: Connection, code: str) -> bool:
    """By the tree, or as the beginning of a camera's code."""
    own = _codes_of_cameras().subquery()
    in_tree = exists(select(regions.c.code).where(regions.c.code == code))
    of_cameras = exists(select(own.c.code).where(own.c.code.startswith(code, autoescape=True)))
    return tx.execute(select(or_(in_tree, of_cameras))).scalar_one()


def codes_of_cameras(tx: Connection) -> list[str]:
    return list(tx.execute(_codes_of_cameras()).scalars())


def _codes_of_cameras() -> Select[Any]:
    """From one to the next by the index: 100,000 cameras have a few hundred codes."""
    first, later = cameras.alias(), cameras.alias()
    codes = select(func.min(first.c.region_code).label("code")).cte(recursive=True)
    following = select(func.min(later.c.region_code)).where(later.c.region_code > codes.c.code).scalar_subquery()
    codes = codes.union_all(select(following).where(codes.c.code.is_not(None)))
    return select(codes.c.code).where(codes.c.code.is_not(None))
