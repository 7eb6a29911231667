"""Credential sets over HTTP: a password comes in and never goes out."""

from datetime import date, datetime

from pydantic import Field, SecretStr

from vms.api.models.shape import Answer, Asked, ShortText


class CredentialRow(Answer):
    id: int
    name: str
    username: str
    version: int = Field(description="counts up when user name or password change")
    changed_at: datetime
    owner: str | None = Field(description="whose set it is; null: the office's")
    devices: int = Field(description="that are signed in to with it")
    refused_by: int = Field(description="devices that have refused its present version; they are not asked again")
    last_used_at: datetime | None
    uses: int = Field(description="sign-ins that are on record")
    refused: int = Field(description="how many of them were refused")


class CredentialList(Answer):
    items: list[CredentialRow]


class NewCredential(Asked):
    username: str = Field(min_length=1, max_length=200)
    password: SecretStr = Field(max_length=200)
    owner: ShortText = Field("", description="an owner's name; empty: as it was, at first the office's")


class CredentialUse(Answer):
    credential: str = Field(description="its name: a set, or a camera's own")
    device_id: int | None = Field(description="null: a device that is not in the inventory")
    address: str | None
    purpose: str = Field(description="discovery, poll, still, live, clip, task, registration")
    who: str = Field(description="the person, or the process where nobody asked")
    day: date = Field(description="UTC")
    first_at: datetime
    last_at: datetime
    count: int
    refused: int


class CredentialUsePage(Answer):
    items: list[CredentialUse]
    total: int
