"""Days and instants that nobody can count with are refused with a sentence, wherever they are taken."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, get_args

import pytest
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError

from tests.builders.web import Web
from vms.access.roles import Role
from vms.api.models.shape import Asked
from vms.inventory.filters.values import read_span

DAYS = ("9999-12-31", "0001-01-01")
GOOD = ("2026-05-01", "2026-05-01T00:00:00Z")
INSTANTS = ("9999-12-31T23:59:59.9-12:00", "0001-01-01T00:00:00+12:00")


def formats(schema: dict[str, Any]) -> set[str]:
    return {one["format"] for one in (schema, *schema.get("anyOf", ())) if one.get("format", "").startswith("date")}


async def test_no_address_takes_them(web: Web) -> None:
    contract = (await web.client().get(f"{web.url}/openapi.json")).json()
    admin = await web.signed_in(Role.ADMIN)
    asked = 0
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            told = [one for one in operation.get("parameters", ()) if formats(one["schema"])]
            wanted = {
                one["name"]: contract["components"]["schemas"][one["schema"]["$ref"].rpartition("/")[2]]["enum"][0]
                for one in operation.get("parameters", ())
                if one["in"] == "query" and one["required"] and "$ref" in one["schema"]
            }
            for wrong in range(len(DAYS)):
                for one in told:
                    rest = wanted | {other["name"]: GOOD["date" not in formats(other["schema"])] for other in told}
                    value = (DAYS if "date" in formats(one["schema"]) else INSTANTS)[wrong]
                    params = rest | {one["name"]: value}
                    answer = await admin.request(method, web.url + re.sub(r"{[^}]+}", "1", path), params=params)
                    said = f"{method} {path} {params}: {answer.text}"
                    assert answer.status_code == 422, said
                    assert answer.json()["error"]["message"] == "a year between 2000 and 2200 is wanted", said
                    asked += 1
    assert asked >= 2 * 9, "days of histories, recordings, assessments, verdicts"


def asked_models(of: type[BaseModel] = Asked) -> Iterator[type[BaseModel]]:
    for model in of.__subclasses__():
        yield model
        yield from asked_models(model)


def holds(annotation: Any) -> bool:
    return annotation in (date, datetime, AwareDatetime) or any(holds(one) for one in get_args(annotation))


FIELDS = [
    (f"{model.__name__}.{name}", field)
    for model in asked_models()
    for name, field in model.model_fields.items()
    if model.__module__.startswith("vms.api.") and holds(field.annotation)
]


def test_the_bodies_are_found() -> None:
    assert {"CalendarWanted.days", "ReportWanted.from_", "ConsentChange.paused_until"} < {name for name, _ in FIELDS}


@pytest.mark.parametrize("field", [field for _, field in FIELDS], ids=[name for name, _ in FIELDS])
def test_no_body_takes_them(field) -> None:
    taker = TypeAdapter(Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation)
    is_mapping = "dict" in str(field.annotation)
    for value in (*DAYS, *INSTANTS):
        with pytest.raises(ValidationError):
            taker.validate_python({value: []} if is_mapping else value)


@pytest.mark.parametrize("text", [*DAYS, *INSTANTS, "9999", "9999-12", "0001-01"])
def test_no_filter_takes_them(text: str) -> None:
    with pytest.raises(ValueError, match="between 1900 and 2200"):
        read_span(text)
