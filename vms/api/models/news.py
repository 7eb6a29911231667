"""Server-sent events of GET events: `id:` is the event's number, `event:` its kind, `data:` this JSON."""

from datetime import datetime
from typing import Any

from pydantic import Field

from vms.api.models.shape import Answer


class NewsItem(Answer):
    id: int
    at: datetime
    kind: str = Field(
        description="camera.added, camera.changed, camera.flip, fault.opened, fault.closed, incident.opened, "
        "incident.status, consent.changed, registration.submitted, registration.decided, access.asked, access.decided"
    )
    subject: int | None = Field(description="the id of the camera, incident or registration")
    content: dict[str, Any]
