"""TLS towards cameras, which sign their own certificates."""

import functools
import ssl


@functools.cache
def lenient_tls() -> ssl.SSLContext:
    """Encrypts, but takes any certificate: a camera on a closed network has none that anybody could check."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
