"""A pretend device's TLS: a certificate that it signed itself, another one at each start unless it keeps it."""

import datetime
import functools
import ssl
import tempfile
import warnings
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from vms.sim.personality import Tls

VALID = datetime.timedelta(days=3650)


def server_tls(kind: Tls, kept_as: str = "") -> ssl.SSLContext | None:
    """None where it speaks in the clear. `kept_as`: under this name it is the same certificate each time."""
    if kind is Tls.NO:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if kind is Tls.OLD:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
        context.set_ciphers("ALL:@SECLEVEL=0")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "camera.pem"
        file.write_bytes(_kept(kept_as) if kept_as else _key_and_certificate())
        context.load_cert_chain(file)
    return context


@functools.cache
def _kept(_name: str) -> bytes:
    return _key_and_certificate()


def _key_and_certificate() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "camera")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - VALID)
        .not_valid_after(now + VALID)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return secret + certificate.public_bytes(serialization.Encoding.PEM)
