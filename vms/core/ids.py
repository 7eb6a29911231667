"""Identifiers: plain integers given by the store, told apart by the type checker."""

from typing import NewType

DeviceId = NewType("DeviceId", int)
CameraId = NewType("CameraId", int)
OwnerId = NewType("OwnerId", int)
UserId = NewType("UserId", int)
IncidentId = NewType("IncidentId", int)
RegistrationId = NewType("RegistrationId", int)
CredentialId = NewType("CredentialId", int)
SessionId = NewType("SessionId", int)
"""One run of the poller; statuses of an earlier run count as unknown."""
EventId = NewType("EventId", int)
MaintainerId = NewType("MaintainerId", int)
"""A firm that repairs cameras."""
OrderId = NewType("OrderId", int)
