"""The two kinds of model: what is asked is checked strictly, what is answered is complete."""

from datetime import date
from typing import Annotated, Any, TypeVar

from annotated_types import Ge, Le
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from vms.core.visible import as_written

IdNumber = Annotated[int, Ge(0), Le(2**53 - 1)]
"""Ids as they come in: what the database and JavaScript can hold."""
Longitude = Annotated[float, Field(ge=-180, le=180, description="degrees")]
Latitude = Annotated[float, Field(ge=-90, le=90, description="degrees")]
BearingDeg = Annotated[float, Field(ge=0, lt=360, description="clockwise from north, where the lens looks")]
ShortText = Annotated[str, Field(max_length=200)]


Moment = TypeVar("Moment", bound=date)


def _of_our_time(value: Moment) -> Moment:
    if not 2000 <= value.year <= 2200:
        raise ValueError("a year between 2000 and 2200 is wanted")
    return value


Instant = Annotated[AwareDatetime, AfterValidator(_of_our_time)]
"""With its time zone, and such that it can be counted with."""
Day = Annotated[date, AfterValidator(_of_our_time)]
"""Of the office's calendar, such that it can be counted with."""
LongText = Annotated[str, Field(max_length=2000)]
GeoJson = dict[str, Any]
"""GeoJSON, RFC 7946, WGS-84."""


class Asked(BaseModel):
    """A request: unknown keys, NaN, infinity and NUL characters are refused; of texts what can be seen is taken."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def _only_what_is_seen(cls, value: Any, info: ValidationInfo) -> Any:
        """Passwords are taken as they are. PostgreSQL keeps no NUL."""
        if isinstance(value, str):
            if "\x00" in value:
                raise ValueError("a NUL character")
            return value if "password" in (info.field_name or "") else as_written(value)
        if isinstance(value, list):
            if number := next((at for at, one in enumerate(value, 1) if isinstance(one, str) and "\x00" in one), 0):
                raise ValueError(f"a NUL character in entry {number}")
            return [as_written(one) if isinstance(one, str) else one for one in value]
        return value


class Answer(BaseModel):
    """An answer: every field is always there; what is not known is null."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ErrorBody(Answer):
    code: str = Field(description="stable and machine-readable, e.g. `not_allowed`")
    message: str = Field(description="a sentence for the screen")
    where: str = Field(description="the field, row or path it is about; empty where there is none")


class ErrorAnswer(Answer):
    error: ErrorBody
