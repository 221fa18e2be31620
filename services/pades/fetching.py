"""What a paper's long-term form is fetched from: the time-stamp server, OCSP and CRL addresses.

The addresses of OCSP and CRL stand in certificates, so a stranger's certificate could send the
service anywhere: only those of certificates that chain to a configured root get here
(`long_term.py`). No redirects, no proxies of the environment, bounded answers and times.
"""

from dataclasses import dataclass
from typing import Final

import httpx
from asn1crypto import crl, ocsp, tsp, x509
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.authority import AuthorityWithCert
from pyhanko_certvalidator.errors import OCSPFetchError, OCSPValidationError
from pyhanko_certvalidator.fetchers.common_utils import (
    enumerate_delivery_point_urls,
    format_ocsp_request,
    process_ocsp_response_data,
)
from pyhanko_certvalidator.util import get_ocsp_urls, get_relevant_crl_dps

from services.pades.errors import TimeStampError

TIMEOUT_S: Final = 10.0
MAX_CRL_BYTES: Final = 16 * 1024 * 1024
MAX_OCSP_BYTES: Final = 64 * 1024
MAX_TIME_STAMP_BYTES: Final = 64 * 1024
MAX_REQUESTS: Final = 64
_FAILURES: Final = (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, TypeError, KeyError)


class FetchError(Exception):
    """Nothing usable came back from an address."""


async def fetch(
    url: str, limit: int, body: bytes | None = None, media_type: str = ""
) -> tuple[str, bytes]:
    """
    GET, or POST `body`; returns media type and at most `limit` bytes. Raises FetchError.
    """
    if not url.lower().startswith(("http://", "https://")):
        raise FetchError(f"{url[:200]} is not an address of the web")
    headers = {} if body is None else {"content-type": media_type}
    method = "GET" if body is None else "POST"
    try:
        async with (
            httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client,
            client.stream(method, url, content=body, headers=headers) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise FetchError(f"{url[:200]} answered {answer.status_code}")
            data = bytearray()
            async for piece in answer.aiter_bytes():
                data += piece
                if len(data) > limit:
                    raise FetchError(f"{url[:200]} answered more than {limit} bytes")
            return answer.headers.get("content-type", "").partition(";")[0].strip(), bytes(data)
    except _FAILURES as error:
        raise FetchError(f"{url[:200]}: {error or type(error).__name__}") from error


class HttpTimeStamper(TimeStamper):
    """
    A time-stamp server over HTTP (RFC 3161 §3.4).

    Keep one for the whole process: it remembers the server's certificates, which would else cost a
    stamp each time.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Ask once. Raises TimeStampError."""
        try:
            media_type, data = await fetch(
                self.url, MAX_TIME_STAMP_BYTES, req.dump(), "application/timestamp-query"
            )
            if media_type != "application/timestamp-reply":
                raise FetchError(f"answered {media_type!r}, not a time stamp")
            return tsp.TimeStampResp.load(data, strict=True)
        except (FetchError, ValueError) as error:
            raise TimeStampError(f"the time-stamp server failed: {error}") from error

    def forget_certificates(self) -> None:
        """Ask for the server's certificates again the next time."""
        self._dummy_response_cache.clear()
        self._certs.clear()


@dataclass
class RevocationFetcher:
    """Asks for the state of certificates, at most `MAX_REQUESTS` times."""

    requests: int = 0

    async def fetch_state(
        self, certificate: x509.Certificate, issuer: x509.Certificate
    ) -> tuple[list[ocsp.OCSPResponse], list[crl.CertificateList]]:
        """
        The OCSP answer about a certificate (RFC 6960), or else its CRLs (RFC 5280 §5).

        What is fetched is not judged here; nothing fetched leaves the state unknown.
        """
        for url in get_ocsp_urls(certificate):
            answer = await self._ask(url, certificate, issuer)
            if answer is not None:
                return [answer], []
        lists = []
        for point in get_relevant_crl_dps(certificate, use_deltas=False):
            for url in enumerate_delivery_point_urls(point):
                found = await self._list(url)
                if found is not None:
                    lists.append(found)
                    break
        return [], lists

    async def _ask(
        self, url: str, certificate: x509.Certificate, issuer: x509.Certificate
    ) -> ocsp.OCSPResponse | None:
        question = format_ocsp_request(
            certificate,
            AuthorityWithCert(issuer),
            # What all responders know; it names the certificate, no more (RFC 6960 §4.1.1).
            certid_hash_algo="sha1",
            # The answer is kept for years, and many responders sign theirs in advance.
            request_nonces=False,
        )
        data = await self._fetch(url, MAX_OCSP_BYTES, question.dump(), "application/ocsp-request")
        if data is None:
            return None
        try:
            return process_ocsp_response_data(data, ocsp_request=question, ocsp_url=url)
        except (OCSPFetchError, OCSPValidationError, ValueError):
            return None

    async def _list(self, url: str) -> crl.CertificateList | None:
        data = await self._fetch(url, MAX_CRL_BYTES)
        try:
            return None if data is None else crl.CertificateList.load(data, strict=True)
        except ValueError:
            return None

    async def _fetch(
        self, url: str, limit: int, body: bytes | None = None, media_type: str = ""
    ) -> bytes | None:
        if self.requests >= MAX_REQUESTS:
            return None
        self.requests += 1
        try:
            return (await fetch(url, limit, body, media_type))[1]
        except FetchError:
            return None
