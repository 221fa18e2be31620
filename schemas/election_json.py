"""`election.json` of Belenios protocol 1, byte for byte from the terms (protocol.md §1, §11)."""

import hashlib
import json
from typing import Final

from schemas.entries import encode_entry
from schemas.terms import Terms

ANSWERS: Final = ("Đồng ý", "Không đồng ý")
DESCRIPTION_PREFIX: Final = "phieukin/terms/1 "


def terms_hash(terms: Terms) -> str:
    """H(terms): SHA-256 of the whole `terms` entry, hex."""
    return hashlib.sha256(encode_entry(terms)).hexdigest()


def election_json(terms: Terms, public_key: str) -> str:
    """
    Write the election object with the election key `public_key` (Belenios text of an element).

    One homomorphic question a nomination, neither answer = left blank; field order of
    belenios-format §3; `administrator` and `credential_authority` are left out.
    """
    election = {
        "version": 1,
        "description": DESCRIPTION_PREFIX + terms_hash(terms),
        "name": terms.council.name,
        "group": terms.group,
        "public_key": public_key,
        "questions": [
            {"answers": ANSWERS, "min": 0, "max": 1, "question": nomination.question}
            for nomination in terms.nominations
        ],
        "uuid": terms.uuid,
    }
    return json.dumps(election, ensure_ascii=False, separators=(",", ":"))
