"""Query names that an endpoint does not know are refused, and what it takes once and is given twice: a mistyped filter
would else show everything, and of two the last would count."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import get_args, get_origin

from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from starlette.requests import HTTPConnection

from vms.core.errors import BadInput

_LONGEST_SAID = 80
_NEAR = 0.6


class UnknownParameter(BadInput):
    """422, as unknown keys of a body are."""


class GivenTwice(UnknownParameter):
    """The name is known, and it takes one value."""


async def refuse_unknown_names(connection: HTTPConnection) -> None:
    """For every endpoint of HTTP. The live WebSocket asks `refuse_unknown` itself, once it can say why."""
    if connection.scope["type"] == "http" and connection.scope["query_string"]:
        refuse_unknown(connection)


def refuse_unknown(connection: HTTPConnection, *, besides: frozenset[str] = frozenset()) -> None:
    """Raises UnknownParameter for the first name that neither the endpoint's signature nor `besides` has, and for one
    that takes one value and is there more than once."""
    known = {**dict(_query_fields(connection.scope["route"].dependant)), **dict.fromkeys(besides, False)}
    seen: set[str] = set()
    for name, _ in connection.query_params.multi_items():
        if name not in known:
            raise UnknownParameter(_sentence(name, sorted(known)), where=name[:_LONGEST_SAID])
        if name in seen and not known[name]:
            raise GivenTwice("this query parameter takes one value; it is given more than once", where=name)
        seen.add(name)


def query_names(dependant: Dependant) -> Iterator[str]:
    """As an address writes them; of the guard and all that the endpoint depends on as well."""
    return (name for name, _ in _query_fields(dependant))


def _query_fields(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """Name, and whether it takes a list."""
    for field in dependant.query_params:
        model = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            for name, told in model.model_fields.items():
                yield told.alias or name, _is_list(told.annotation)
        else:
            yield field.alias, _is_list(model)
    for inner in dependant.dependencies:
        yield from _query_fields(inner)


def _is_list(annotation: object) -> bool:
    """`list[X]`, also beside None."""
    return any(get_origin(one) is list for one in (annotation, *get_args(annotation)))


def _sentence(name: str, known: list[str]) -> str:
    if not known:
        return "this address takes no query parameters"
    near = get_close_matches(name.lower()[:_LONGEST_SAID], known, n=1, cutoff=_NEAR)
    if near:
        return f"this address has no such query parameter; did you mean {near[0]}?"
    return f"this address has no such query parameter; it knows {', '.join(known)}"
