"""The error tree: who must act?

VmsError
├── TryAgain          the same call may go through later (a device or a server is busy or away)
│   └── DeviceUnreachable
└── PersonMustAct     the same call will fail again until somebody changes something
    ├── BadInput      what was handed in; says what and where
    ├── NotFound      no such thing, or none that this person may know of
    ├── NotAllowed    refused by access; the reason is a sentence for the screen
    ├── NotSignedIn
    ├── Conflict      the thing has changed or exists already
    └── LoginRefused  a device refused the credentials; nobody tries again until they change
Anything else that is raised is a bug.
"""


class VmsError(Exception):
    """Root of the errors that this program means to raise. `code` is stable and machine-readable."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class TryAgain(VmsError):
    code = "try_again"


class DeviceUnreachable(TryAgain):
    code = "device_unreachable"


class PersonMustAct(VmsError):
    code = "person_must_act"


class BadInput(PersonMustAct):
    """`where` names the place: a field, a row, a line, a path."""

    code = "bad_input"

    def __init__(self, message: str, *, where: str = "", code: str | None = None) -> None:
        super().__init__(f"{where}: {message}" if where else message, code=code)
        self.where = where
        self.reason = message


class NotFound(PersonMustAct):
    """`where`: the parameter or field that named it, where that is not the address itself."""

    code = "not_found"

    def __init__(self, message: str, *, where: str = "", code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.where = where


class NotAllowed(PersonMustAct):
    code = "not_allowed"


class NotSignedIn(PersonMustAct):
    code = "not_signed_in"


class Conflict(PersonMustAct):
    code = "conflict"


class LoginRefused(PersonMustAct):
    code = "login_refused"
