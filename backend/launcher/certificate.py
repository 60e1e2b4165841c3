"""A certificate of our own for trying a phone on the local network: HTTPS=1 HOST=0.0.0.0 make run.

Camera, location and the service worker need HTTPS. The phone must be told once to trust it; a
production address has a real certificate at its reverse proxy (docs/operations.md).
"""

import ipaddress
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

VALID = timedelta(days=90)


def network_address() -> str:
    """This machine's own address on the local network; the loopback address when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Connecting a datagram socket sends nothing; it only asks which way packets would go.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def certificate(folder: Path, address: str) -> tuple[Path, Path]:
    """Certificate and key files (PEM) for this machine's ``address``, made anew at each run."""
    key = ec.generate_private_key(ec.SECP256R1())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(_signed(key, address).public_bytes(serialization.Encoding.PEM))
    with os.fdopen(os.open(files[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    return files


def _signed(key: ec.EllipticCurvePrivateKey, address: str) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Fieldlot")])
    places = {ipaddress.ip_address(address), ipaddress.ip_address("127.0.0.1")}
    names = [x509.DNSName("localhost"), *(x509.IPAddress(place) for place in places)]
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
