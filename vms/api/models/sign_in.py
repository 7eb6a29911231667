"""Sign-in and the people who may."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from vms.access.roles import Role
from vms.api.models.shape import Answer, Asked, IdNumber

UserName = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^\S(.*\S)?$")]
Password = Annotated[str, Field(min_length=1, max_length=200)]
NewPassword = Annotated[str, Field(min_length=10, max_length=200)]


class SignIn(Asked):
    username: UserName
    password: Password


class SignedInUser(Answer):
    id: int
    name: str
    role: Role
    owner_id: int | None
    maintainer_id: int | None = Field(description="the firm that a maintainer works for; none: the office's own")


class SessionOpened(Answer):
    """The same token is set as the HttpOnly cookie `vms_session`."""

    token: str
    user: SignedInUser
    expires_at: datetime


class SessionNow(Answer):
    user: SignedInUser
    expires_at: datetime


class NewUser(Asked):
    name: UserName
    password: NewPassword
    role: Role
    owner_id: IdNumber | None = Field(default=None, description="for role owner: whose cameras")
    maintainer_id: IdNumber | None = Field(default=None, description="for role maintainer: the firm; none: the office")


class UserChange(Asked):
    password: NewPassword | None = None
    disabled: bool | None = None
    maintainer_id: IdNumber | None = Field(
        default=None, description="the firm; null: the office's own; left out: as is"
    )


class UserRow(Answer):
    id: int
    name: str
    role: Role
    owner_id: int | None
    maintainer_id: int | None
    created_at: datetime
    disabled_at: datetime | None


class UserList(Answer):
    items: list[UserRow]
