"""Hash out, signature in: a signature whose key is on a token or with a remote signing service.

What is signed is the DER of the CMS signed attributes (RFC 5652 §5.4), which hold the hash of the
paper; not the paper's hash itself. In between nothing is remembered but `state`, which whoever
prepared keeps as it is.
"""

import asyncio
import datetime
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from asn1crypto import cms, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import ExternalSigner
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko_certvalidator.registry import SimpleCertificateStore

from services.pades.certificates import MAX_CERTIFICATES, read_certificates
from services.pades.errors import SigningStateError, SigningValueWrongError
from services.pades.signing import DIGEST, place_signature

MAX_SIGNATURE_BYTES: Final = 1024  # RSA of 8192 bits


@dataclass(frozen=True)
class PreparedSignature:
    """
    What goes out, and what is kept.

    `signed_attributes` is DER; `digest` its SHA-256, which is what a token signs (32 bytes);
    `state` is for `finish_signature`: the whole paper with room for the signature.
    """

    signed_attributes: bytes
    digest: bytes
    state: bytes


class _State(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="pades/1"):
    placed: bytes
    start: int
    end: int
    document_digest: bytes
    signed_attributes: bytes
    certificates: tuple[bytes, ...]


def prepare_signature(
    held: bytes,
    field: str,
    certificates: Sequence[bytes],
    name: str,
    signed_at: datetime.datetime,
    picture: bytes | None = None,
) -> PreparedSignature:
    """
    Place a signature and hand out what has to be signed; `certificates` DER, the signer's first.

    RSA is PKCS #1 v1.5, elliptic curves ECDSA, both with SHA-256. Must not be called inside of an
    event loop. Raises the errors of `services.pades.errors`.
    """
    return asyncio.run(
        _prepare(held, field, read_certificates(certificates), name, signed_at, picture)
    )


async def _prepare(
    held: bytes,
    field: str,
    chain: Sequence[x509.Certificate],
    name: str,
    signed_at: datetime.datetime,
    picture: bytes | None,
) -> PreparedSignature:
    signer = _external_signer(chain, bytes(MAX_SIGNATURE_BYTES))
    placed = place_signature(held, field, signer, name, signed_at, picture)
    digest = placed.digest
    attributes = await signer.signed_attrs(digest.document_digest, DIGEST, use_pades=True)
    signed_attributes = attributes.dump()
    placed.output.seek(0)
    state = _State(
        placed=placed.output.read(),
        start=digest.reserved_region_start,
        end=digest.reserved_region_end,
        document_digest=digest.document_digest,
        signed_attributes=signed_attributes,
        certificates=tuple(certificate.dump() for certificate in chain),
    )
    return PreparedSignature(
        signed_attributes=signed_attributes,
        digest=hashlib.sha256(signed_attributes).digest(),
        state=msgspec.msgpack.encode(state),
    )


def finish_signature(state: bytes, signature: bytes) -> bytes:
    """
    Put the signature into the paper that `state` holds, and return the paper.

    ECDSA values may be DER (RFC 5480) or, as tokens and browsers give them, the two numbers one
    after the other (IEEE P1363). The value is verified first. Must not be called inside of an event
    loop. Raises SigningValueWrongError, SigningStateError.
    """
    try:
        kept = msgspec.msgpack.decode(state, type=_State)
        attributes = cms.CMSAttributes.load(kept.signed_attributes, strict=True)
        chain = [x509.Certificate.load(der, strict=True) for der in kept.certificates]
        if not 1 <= len(chain) <= MAX_CERTIFICATES or not 0 < kept.start < kept.end:
            raise ValueError("not as it was written")
    except (msgspec.MsgspecError, ValueError) as error:
        raise SigningStateError("a prepared signature cannot be read") from error
    value = _verified(chain[0], kept.signed_attributes, signature)
    digest = PreparedByteRangeDigest(kept.document_digest, kept.start, kept.end)
    return asyncio.run(_finish(kept.placed, digest, attributes, _external_signer(chain, value)))


async def _finish(
    placed: bytes,
    digest: PreparedByteRangeDigest,
    attributes: cms.CMSAttributes,
    signer: ExternalSigner,
) -> bytes:
    signature = await signer.async_sign_prescribed_attributes(DIGEST, signed_attrs=attributes)
    output = io.BytesIO(placed)
    try:
        digest.fill_with_cms(output, signature)
    except SigningError as error:
        raise SigningStateError("the room for the signature is too small") from error
    return output.getvalue()


def _external_signer(chain: Sequence[x509.Certificate], value: bytes) -> ExternalSigner:
    return ExternalSigner(
        signing_cert=chain[0],
        cert_registry=SimpleCertificateStore.from_certs(chain),
        signature_value=value,
    )


def _verified(certificate: x509.Certificate, signed: bytes, signature: bytes) -> bytes:
    """The signature as CMS wants it, if it is this certificate's. Raises SigningValueWrongError."""
    if not 0 < len(signature) <= MAX_SIGNATURE_BYTES:
        raise SigningValueWrongError
    key = serialization.load_der_public_key(certificate.public_key.dump())
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
            return signature
        if isinstance(key, ec.EllipticCurvePublicKey):
            value = _as_der(key, signature)
            key.verify(value, signed, ec.ECDSA(hashes.SHA256()))
            return value
    except InvalidSignature as error:
        raise SigningValueWrongError from error
    raise SigningStateError("a key that was not let through when the signature was prepared")


def _as_der(key: ec.EllipticCurvePublicKey, signature: bytes) -> bytes:
    size = (key.key_size + 7) // 8
    try:
        utils.decode_dss_signature(signature)
    except ValueError:
        if len(signature) != 2 * size:
            raise SigningValueWrongError from None
        first, second = signature[:size], signature[size:]
        return utils.encode_dss_signature(int.from_bytes(first), int.from_bytes(second))
    return signature
