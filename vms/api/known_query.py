"""Query names that an endpoint does not know are refused: a mistyped filter would else show everything."""

from collections.abc import Iterator
from difflib import get_close_matches

from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from starlette.requests import HTTPConnection

from vms.core.errors import BadInput

_LONGEST_SAID = 80
_NEAR = 0.6


class UnknownParameter(BadInput):
    """422, as unknown keys of a body are."""


async def refuse_unknown_names(connection: HTTPConnection) -> None:
    """For every endpoint of HTTP. The live WebSocket asks `refuse_unknown` itself, once it can say why."""
    if connection.scope["type"] == "http" and connection.scope["query_string"]:
        refuse_unknown(connection)


def refuse_unknown(connection: HTTPConnection, *, besides: frozenset[str] = frozenset()) -> None:
    """Raises UnknownParameter for the first name that neither the endpoint's signature nor `besides` has."""
    known = {*query_names(connection.scope["route"].dependant), *besides}
    for name in connection.query_params:
        if name not in known:
            raise UnknownParameter(_sentence(name, sorted(known)), where=name[:_LONGEST_SAID])


def query_names(dependant: Dependant) -> Iterator[str]:
    """As an address writes them; of the guard and all that the endpoint depends on as well."""
    for field in dependant.query_params:
        model = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            yield from (told.alias or name for name, told in model.model_fields.items())
        else:
            yield field.alias
    for inner in dependant.dependencies:
        yield from query_names(inner)


def _sentence(name: str, known: list[str]) -> str:
    if not known:
        return "this address takes no query parameters"
    near = get_close_matches(name.lower()[:_LONGEST_SAID], known, n=1, cutoff=_NEAR)
    if near:
        return f"this address has no such query parameter; did you mean {near[0]}?"
    return f"this address has no such query parameter; it knows {', '.join(known)}"
