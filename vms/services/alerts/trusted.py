"""Whose certificates count when messages go out by TLS: the machine's authorities, and the office's own, if any."""

import ssl
from functools import lru_cache
from pathlib import Path

from vms.core.errors import BadInput


@lru_cache(maxsize=4)
def trusted(authority: Path | None) -> ssl.SSLContext:
    """`authority`: a file of certificates (PEM). Raises BadInput where it cannot be read."""
    context = ssl.create_default_context()
    if authority is not None:
        try:
            context.load_verify_locations(authority)
        except ssl.SSLError:
            raise BadInput("there are no certificates in PEM in it", where=str(authority)) from None
        except OSError as problem:
            raise BadInput(problem.strerror or "cannot be read", where=str(authority)) from None
    return context


def what_is_wrong(problem: ssl.SSLError) -> str:
    if isinstance(problem, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {problem.verify_message}"
    return f"TLS: {problem.reason or problem}"
