"""How a simulated person signs a paper on their own side."""

import datetime

from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from services.pades.signing import sign_field
from services.simulation.test_authority import SigningIdentity


def sign_paper(
    paper: bytes,
    field: str,
    identity: SigningIdentity,
    signed_at: datetime.datetime,
    picture: bytes | None = None,
) -> bytes:
    """
    Fill the empty field `field` with the person's signature (ETSI EN 319 142-1, level B-B).

    `paper` stays as it is, an increment is added. Must not be called inside of an event loop.
    """
    return sign_field(paper, field, signer_of(identity), identity.name, signed_at, picture)


def signer_of(identity: SigningIdentity) -> SimpleSigner:
    """The person's key with its certificates, as pyHanko takes them."""
    return SimpleSigner(
        signing_cert=identity.certificate,
        signing_key=identity.private_key,
        cert_registry=SimpleCertificateStore.from_certs(identity.issuers),
    )
