"""Telephone numbers and other contacts are personal data: shown masked except to who keeps the record."""

_SHOWN = 4
_MASK = "•"


def mask_contact(contact: str) -> str:
    """The last characters only; short ones not at all."""
    kept = contact[-_SHOWN:] if len(contact) > 2 * _SHOWN else ""
    return _MASK * (len(contact) - len(kept)) + kept


def is_masked(contact: str) -> bool:
    return _MASK in contact
