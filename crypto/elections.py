"""`election.json` of Belenios protocol 1 and its fingerprint phi (belenios-format §3)."""

import base64
import binascii
import functools
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from crypto.belenios_json import (
    b64_nopad,
    dumps,
    integer_field,
    list_field,
    loads,
    ordered_fields,
    require_exact,
    text_field,
)
from crypto.errors import MalformedError
from crypto.groups import Element, FixedBase, Group, group_by_name

MAX_QUESTIONS: Final = 1000
MAX_ANSWERS: Final = 1000
_FIELDS: Final = (
    "version",
    "description",
    "name",
    "group",
    "public_key",
    "questions",
    "uuid",
    "administrator",
    "credential_authority",
)
_UUID: Final = re.compile(r"[1-9A-HJ-NP-Za-km-z]{14,64}", re.ASCII)
_PHI: Final = re.compile(r"[A-Za-z0-9+/]{43}", re.ASCII)


@dataclass(frozen=True)
class Question:
    """A homomorphic question; with `blank` a leading choice stands for a blank answer."""

    answers: tuple[str, ...]
    blank: bool
    min: int
    max: int
    question: str

    @property
    def choices(self) -> int:
        """Ciphertexts in an answer to it."""
        return len(self.answers) + self.blank


@dataclass(frozen=True)
class Election:
    """A parsed election; `text` are its exact bytes, `fingerprint` is phi (43 characters)."""

    text: str
    description: str
    name: str
    group: Group
    public_key: Element
    questions: tuple[Question, ...]
    uuid: str
    administrator: str | None
    credential_authority: str | None

    def __reduce__(self) -> tuple[Callable[[str], "Election"], tuple[str]]:
        # Only the text travels between processes; tables are made anew, once a process.
        return _election_again, (self.text,)

    @functools.cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.text)

    @functools.cached_property
    def key(self) -> FixedBase:
        """The election key y, prepared for many powers."""
        return self.group.fixed_base(self.public_key)


def fingerprint(election_text: str) -> str:
    """phi: Base64 of SHA-256 of the bytes of `election.json`, without padding (§3)."""
    return b64_nopad(hashlib.sha256(election_text.encode()).digest())


def raw_fingerprint(phi: str) -> bytes:
    """The 32 bytes of phi. Raises MalformedError for another spelling."""
    if not _PHI.fullmatch(phi):
        raise MalformedError("phi is 43 characters of Base64")
    try:
        raw = base64.b64decode(phi + "=", validate=True)
    except binascii.Error:  # pragma: no cover - 43 characters of the alphabet always decode
        raise MalformedError("phi is 43 characters of Base64") from None
    if b64_nopad(raw) != phi:
        raise MalformedError("phi has other bits than zero at its end")
    return raw


def parse_election(text: str) -> Election:
    """
    Read an election with homomorphic questions, exact bytes, key in the group and not neutral.

    Raises MalformedError or MembershipError.
    """
    value = loads(text)
    version, description, name, group_name, key, questions, uuid, administrator, authority = (
        ordered_fields(value, _FIELDS, ("administrator", "credential_authority"))
    )
    require_exact(text, value)
    if integer_field(version) != 1:
        raise MalformedError("only Belenios protocol 1 is read")
    if not _UUID.fullmatch(text_field(uuid)):
        raise MalformedError("a uuid has at least 14 base58 characters")
    group = group_by_name(text_field(group_name))
    public_key = group.element_from_text(text_field(key))
    group.refuse_identity(public_key)
    if not 1 <= len(list_field(questions)) <= MAX_QUESTIONS:
        raise MalformedError("an election has one question or more, within the limit")
    return Election(
        text=text,
        description=text_field(description),
        name=text_field(name),
        group=group,
        public_key=public_key,
        questions=tuple(_parse_question(question) for question in questions),
        uuid=uuid,
        administrator=None if administrator is None else text_field(administrator),
        credential_authority=None if authority is None else text_field(authority),
    )


@functools.lru_cache(maxsize=4)
def _election_again(text: str) -> Election:
    """What a pickled election becomes: parsed once a process."""
    return parse_election(text)


def election_to_text(election: Election) -> str:
    """The exact bytes of `election.json` from the parsed values (§3)."""
    value: dict[str, object] = {
        "version": 1,
        "description": election.description,
        "name": election.name,
        "group": election.group.name,
        "public_key": election.group.element_to_text(election.public_key),
        "questions": [_question_to_json(question) for question in election.questions],
        "uuid": election.uuid,
    }
    if election.administrator is not None:
        value["administrator"] = election.administrator
    if election.credential_authority is not None:
        value["credential_authority"] = election.credential_authority
    return dumps(value)


def _question_to_json(question: Question) -> dict[str, object]:
    blank = {"blank": True} if question.blank else {}
    limits = {"min": question.min, "max": question.max, "question": question.question}
    return {"answers": list(question.answers), **blank, **limits}


def _parse_question(value: object) -> Question:
    answers, blank, least, most, question = ordered_fields(
        value, ("answers", "blank", "min", "max", "question"), ("blank",)
    )
    if blank is not None and blank is not True:
        raise MalformedError("blank is true or left out")
    texts = tuple(text_field(answer) for answer in list_field(answers))
    if not 1 <= len(texts) <= MAX_ANSWERS:
        raise MalformedError("a question has one answer or more, within the limit")
    if not 0 <= integer_field(least) <= integer_field(most) <= len(texts):
        raise MalformedError("a question allows 0 <= min <= max <= answers")
    return Question(texts, blank is True, least, most, text_field(question))
