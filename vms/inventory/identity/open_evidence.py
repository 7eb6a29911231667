"""What somebody says before anybody signs in: may it be the device that was known here, or does that speak against it?

    the endpoint reference is the same .................... not against
    another one, made of a network card of the known ...... not against
    another one ........................................... against, unless its reference is known to change
    no reference: another hardware in the scopes .......... against
    no reference, no hardware: another name in the scopes . against
    nothing that can be compared .......................... not against

It decides only whose refused logins are respected and which are tried first; who a device is, is decided by its keys
(`decide`). Another TLS key needs no word here: nobody signs in before a person has confirmed it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from vms.inventory.device import ObservedDevice
from vms.inventory.identity.keys import tidy_mac, usable_reference

_SCOPE = "onvif://www.onvif.org/"
_MARK = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEvidence:
    reference: str = ""
    hardware: str = ""
    name: str = ""

    @property
    def marks(self) -> tuple[str, ...]:
        """Short words for who this is, the strongest first; what is noted about somebody who is not identified is
        noted with the first. None: nothing was told."""
        scopes = f"{self.hardware}|{self.name}" if self.hardware or self.name else ""
        told = [text for text in (self.reference, scopes) if text]
        return tuple(hashlib.sha256(text.encode()).hexdigest()[:_MARK] for text in told)


def open_evidence(endpoint_reference: str, scopes: Iterable[str]) -> OpenEvidence:
    said: dict[str, str] = {}
    for scope in scopes:
        if scope.lower().startswith(_SCOPE):
            kind, _, value = scope[len(_SCOPE) :].partition("/")
            said.setdefault(kind.lower(), unquote(value).strip().casefold())
    return OpenEvidence(
        reference=usable_reference(endpoint_reference), hardware=said.get("hardware", ""), name=said.get("name", "")
    )


def evidence_of(known: ObservedDevice) -> OpenEvidence:
    return open_evidence(known.endpoint_reference, known.scopes)


def speaks_against(told: OpenEvidence, known: ObservedDevice) -> bool:
    theirs = evidence_of(known)
    if told.reference and theirs.reference and not known.quirks.reference_changes:
        return told.reference != theirs.reference and tidy_mac(told.reference[-12:]) not in known.macs
    if told.hardware and theirs.hardware:
        return told.hardware != theirs.hardware
    return bool(told.name and theirs.name and told.name != theirs.name)
