"""A paper as the API shows it."""

from typing import Literal

from schemas.api_minutes import FieldView, PaperView, SignerView
from services.clock import instant_text
from services.minutes.model import SigningPlace, StoredPaper
from services.minutes.party import Minutes
from services.minutes.signer_certificates import facts_of


def paper_view(minutes: Minutes, paper: StoredPaper) -> PaperView:
    return PaperView(
        id=paper.id,
        kind=paper.kind,
        uuids=paper.uuids,
        sha256=paper.sha256,
        state=_state(paper),
        fields=tuple(_field(paper, place) for place in paper.places),
        issuers_judged=minutes.settings.signer_roots is not None,
        number=paper.number,
        date=paper.issued_on,
        level=paper.level,
        replaces=paper.replaces,
    )


def _state(paper: StoredPaper) -> Literal["signing", "signed", "issued", "replaced"]:
    if not paper.is_current:
        return "replaced"
    if paper.is_issued:
        return "issued"
    return "signed" if paper.is_signed else "signing"


def _field(paper: StoredPaper, place: SigningPlace) -> FieldView:
    waiting = paper.waiting
    certificate = paper.certificates.get(place.field)
    return FieldView(
        name=place.field,
        role=place.role,
        member=place.member,
        signed=place.field in paper.signed,
        signer=None if certificate is None else _signer(certificate),
        waiting=(
            _signer(waiting.certificate)
            if waiting is not None and waiting.field == place.field
            else None
        ),
    )


def _signer(certificate: bytes) -> SignerView:
    facts = facts_of(certificate)
    return SignerView(
        subject=facts.subject,
        issuer=facts.issuer,
        serial=facts.serial,
        not_after=instant_text(facts.not_after),
        sha256=facts.sha256,
    )
