"""Entries at their limits and beyond them, logs out of order, shares: cases of `records.json`."""

import copy
from collections.abc import Callable
from typing import Any

from schemas.canonical import encode
from tests.vectors.vector_file import VectorFile

Document = dict[str, Any]
Change = Callable[[Document], object]


def add_refused_entries(file: VectorFile, documents: list[Document]) -> None:
    """Entries that are just within their limits, then those that V1 refuses."""
    first = {document["type"]: document for document in reversed(documents)}
    first["terms"] = _shortened(first["terms"])
    for why, kind, change in _AT_THE_LIMIT:
        file.positive("read_entry", f"{kind}: {why}", {"entry": _changed(first[kind], change)})
    for why, kind, change in _FAULTS:
        file.negative("read_entry", f"{kind}: {why}", {"entry": _changed(first[kind], change)})
    commitment = encode(first["ceremony_commitment"]).decode()
    for why, text in _other_spellings(commitment):
        file.negative("read_entry", why, {"entry": text})
    for why, data in (
        ("not UTF-8", b"\xff\xfe"),
        ("a byte order mark", b"\xef\xbb\xbf" + commitment.encode()),
        ("UTF-16", commitment.encode("utf-16-le")),
        ("half of a surrogate pair as if it were UTF-8", b'{"type":"\xed\xa0\x80"}'),
    ):
        file.negative("read_entry", why, {"hex": data.hex()})


def _shortened(terms: Document) -> Document:
    """Terms that are read as well, in fewer bytes."""
    short = copy.deepcopy(terms)
    short["nominations"] = short["nominations"][:1]
    short["counting_team"]["trustees"] = short["counting_team"]["trustees"][:1]
    return short | {"token_keys": [{"issuer": "registrar", "spki": "AA"}]}


def _changed(document: Document, change: Change) -> str:
    value = copy.deepcopy(document)
    change(value)
    return encode(value).decode()


def _put(path: str, value: object) -> Change:
    """Change a field; `a.0.b` is b of the first a."""
    *parents, last = path.split(".")

    def change(document: Any) -> None:
        for name in parents:
            document = document[int(name) if name.isdigit() else name]
        document[int(last) if last.isdigit() else last] = value

    return change


def _drop(path: str) -> Change:
    *parents, last = path.split(".")

    def change(document: Any) -> None:
        for name in parents:
            document = document[int(name) if name.isdigit() else name]
        del document[last]

    return change


_COMMITMENT, _TERMS, _RESULT = "ceremony_commitment", "terms", "result"
_CANCELLED = {
    "type": "cancelled",
    "at": "2026-11-20T09:30:00+07:00",
    "reason": "council_decision",
    "text": "Hội đồng quyết định dừng",
}
_CLAIM = {"type": "claim", "promise": "QQ"}


def _become(document: Document, **fields: object) -> Change:
    def change(value: Document) -> None:
        value.clear()
        value.update(document | fields)

    return change


# What the entry is, of which type, and how it came to be so.
_AT_THE_LIMIT: list[tuple[str, str, Change]] = [
    ("the highest index", _COMMITMENT, _put("index", 20)),
    ("a name of 300 characters beyond U+FFFF", _TERMS, _put("nominations.0.name", "𝒜" * 300)),
    ("a name of one character", _TERMS, _put("nominations.0.name", "Ồ")),
    (
        "a quotation mark, a backslash, a line separator",
        _TERMS,
        _put("meeting.venue", '"\\ \u2028'),
    ),
    ("a summary", _TERMS, _put("nominations.0.summary", "Đã có 3 năm liên tục")),
    (
        "a rule with a quorum and a reason for its base",
        _TERMS,
        lambda value: value["nominations"][0]["rule"].update(
            quorum={"share": "3/4", "base": "all_members"}, base_reason="Điều 3"
        ),
    ),
    ("the whole as a share", _TERMS, _put("nominations.0.rule.share", "100%")),
    ("a share of four decimals", _TERMS, _put("nominations.0.rule.share", "66.6667%")),
    ("a leap day", _TERMS, _put("council.decision.date", "2028-02-29")),
    ("a council without decision", _TERMS, _drop("council.decision")),
    (
        "a second ballot",
        _TERMS,
        lambda value: value.update(ballot_number=2, previous="1" * 14, client_hash="0" * 64),
    ),
    ("a time in UTC", "voting_opened", _put("at", "2026-11-20T02:00:00Z")),
    ("500 members", "voting_opened", _put("members", 500)),
    (
        "a passkey's data",
        "issuance",
        lambda value: value.update(authenticator_data="AA", client_data="e30"),
    ),
    ("no second proof", "partial_decryption", _drop("proof")),
    ("a replaced minute", "minute", _put("replaces", "0" * 64)),
    ("no outcomes", _RESULT, _put("outcomes", [])),
    ("instead of it a cancellation", "closed", _become(_CANCELLED)),
    (
        "instead of it a cancellation that is signed",
        "closed",
        _become(
            _CANCELLED,
            presiding_signature={
                "member": 1,
                "key": {"kind": "device", "spki": "AA"},
                "signature": "AA",
            },
        ),
    ),
    ("instead of it a claim", "closed", _become(_CLAIM)),
]

_FAULTS: list[tuple[str, str, Change]] = [
    # what every entry has
    ("an unknown type", _COMMITMENT, _put("type", "vote")),
    ("a type that is a name of the language", _COMMITMENT, _put("type", "constructor")),
    ("a type that is no text", _COMMITMENT, _put("type", 1)),
    ("no type", _COMMITMENT, _drop("type")),
    ("an unknown field", _COMMITMENT, _put("unknown", 1)),
    ("a field named __proto__", _COMMITMENT, _put("__proto__", {})),
    ("a field of the parent class", _COMMITMENT, _put("toString", "x")),
    ("a missing field", _COMMITMENT, _drop("commitment")),
    ("an index below 1", _COMMITMENT, _put("index", 0)),
    ("an index above 20", _COMMITMENT, _put("index", 21)),
    ("a number as text", _COMMITMENT, _put("index", "1")),
    ("a truth value as number", _COMMITMENT, _put("index", True)),
    ("a hash in capitals", _COMMITMENT, _put("commitment", "A" * 64)),
    ("a short hash", _COMMITMENT, _put("commitment", "a" * 63)),
    ("a long hash", _COMMITMENT, _put("commitment", "a" * 65)),
    ("a list as text", _COMMITMENT, _put("commitment", ["a" * 64])),
    # terms
    ("another method than secret", _TERMS, _put("method", "open")),
    ("another version", _TERMS, _put("version", 2)),
    ("a group that nobody knows", _TERMS, _put("group", "RFC-3526-2048")),
    ("a third ballot", _TERMS, _put("ballot_number", 3)),
    ("a uuid with 0, which base58 has not", _TERMS, _put("uuid", "0" * 14)),
    ("a short uuid", _TERMS, _put("uuid", "1" * 13)),
    ("501 members", _TERMS, _put("members", 501)),
    ("no nominations", _TERMS, _put("nominations", [])),
    ("an empty name", _TERMS, _put("nominations.0.name", "")),
    ("a name of 301 characters", _TERMS, _put("nominations.0.name", "Ồ" * 301)),
    ("a name of 301 characters beyond U+FFFF", _TERMS, _put("nominations.0.name", "𝒜" * 301)),
    ("a nomination of an unknown kind", _TERMS, _put("nominations.0.kind", "person")),
    ("a nomination without number", _TERMS, _drop("nominations.0.no")),
    ("a nomination with a field more", _TERMS, _put("nominations.0.votes", 1)),
    ("an empty summary", _TERMS, _put("nominations.0.summary", "")),
    ("a share of nothing", _TERMS, _put("nominations.0.rule.share", "0%")),
    ("a share above the whole", _TERMS, _put("nominations.0.rule.share", "101%")),
    ("a ratio above the whole", _TERMS, _put("nominations.0.rule.share", "4/3")),
    ("a division by nothing", _TERMS, _put("nominations.0.rule.share", "1/0")),
    ("a decimal comma in a share", _TERMS, _put("nominations.0.rule.share", "90,5%")),
    ("a share in other digits", _TERMS, _put("nominations.0.rule.share", "٩٠%")),
    ("a share of five decimals", _TERMS, _put("nominations.0.rule.share", "66.66667%")),
    ("a comparator that nobody knows", _TERMS, _put("nominations.0.rule.comparator", "exactly")),
    ("a base that nobody knows", _TERMS, _put("nominations.0.rule.base", "those_who_agree")),
    ("a rule without citation", _TERMS, _put("nominations.0.rule.citation", "")),
    ("a quorum without its base", _TERMS, _drop("quorum.base")),
    ("a quorum of those present", _TERMS, _put("quorum.base", "present_members")),
    ("an impossible quorum", _TERMS, _put("quorum.share", "3/2")),
    ("a minimum of two ballots", _TERMS, _put("minimum_ballots", 2)),
    ("a flag as text", _TERMS, _put("late_issuance", "true")),
    ("a day that does not exist", _TERMS, _put("council.decision.date", "2026-02-30")),
    ("a leap day in a common year", _TERMS, _put("council.decision.date", "2100-02-29")),
    ("a month that does not exist", _TERMS, _put("council.decision.date", "2026-13-01")),
    ("a year that does not exist", _TERMS, _put("council.decision.date", "0000-01-01")),
    ("a time without offset", _TERMS, _put("meeting.starts_at", "2026-11-20T08:00:00")),
    ("a time with fractions", _TERMS, _put("meeting.starts_at", "2026-11-20T08:00:00.5Z")),
    ("a meeting id in capitals", _TERMS, _put("meeting.id", "A" * 32)),
    ("a symbol of 41 characters", _TERMS, _put("council.issuer.symbol", "x" * 41)),
    ("no origin", _TERMS, _put("origins", [])),
    ("eleven origins", _TERMS, _put("origins", ["https://a"] * 11)),
    ("no token key", _TERMS, _put("token_keys", [])),
    ("a token key that is not base64url", _TERMS, _put("token_keys.0.spki", "A+/=")),
    ("no ceremony", _TERMS, _put("ceremony_size", 0)),
    ("a trustee number above 20", _TERMS, _put("counting_team.trustee_threshold", 21)),
    # the other types
    ("an empty object of Belenios", "election", _put("election", "")),
    ("501 present", "voting_opened", _put("present", 501)),
    ("a count below nothing", "voting_opened", _put("present", -1)),
    ("a time of another form", "voting_opened", _put("at", "20.11.2026 09:00")),
    ("a number as flag", "issuance", _put("late", 0)),
    ("a key of an unknown kind", "issuance", _put("key.kind", "paper")),
    ("a key with a field more", "issuance", _put("key.owner", 1)),
    ("bytes with padding", "issuance", _put("signature", "QQ==")),
    ("bytes of 8193 characters", "issuance", _put("signature", "A" * 8193)),
    ("longer than its type allows", "issuance", _put("signature", "A" * 8192)),
    ("no token", "ballot", _put("token", [])),
    ("six tokens", "ballot", _put("token", ["A" * 555] * 6)),
    ("a token of 554 characters", "ballot", _put("token", ["A" * 554])),
    ("a field that joins it to a member", "ballot", _put("member", 1)),
    ("no attendance commitment", "closed", _drop("attendance_commitment")),
    ("a statement as text", "closed", _put("token_keys_deleted", "yes")),
    ("a cancellation for an unknown reason", "closed", _become(_CANCELLED, reason="rain")),
    ("a cancellation without text", "closed", _become(_CANCELLED, text="")),
    ("a cancellation of 2001 characters", "closed", _become(_CANCELLED, text="x" * 2001)),
    ("a claim of nothing", "closed", _become(_CLAIM, promise="")),
    ("a claim that names a member", "closed", _become(_CLAIM, member=1)),
    ("a leading zero", "partial_decryption", _put("proof.challenge", "01")),
    ("a negative number", "partial_decryption", _put("proof.response", "-1")),
    ("half a proof", "partial_decryption", _drop("proof.response")),
    ("a decimal point", _RESULT, _put("outcomes.0.share_percent", "57.15")),
    ("a share of one decimal", _RESULT, _put("outcomes.0.share_percent", "57,1")),
    ("more votes needed than there can be", _RESULT, _put("outcomes.0.votes_needed", 502)),
    ("a trustee 0", _RESULT, _put("trustees", [0, 1])),
    ("a paper of an unknown kind", "minute", _put("paper", "draft")),
]


def _other_spellings(text: str) -> list[tuple[str, str]]:
    """The same value in other bytes, and what is no JSON of ours at all."""
    one = '"index":1'
    fields = text[1:-1].split(",")
    assert one in text
    return [
        ("nothing", ""),
        ("not JSON", "{"),
        ("an array", f"[{text}]"),
        ("a number", "1"),
        ("null", "null"),
        ("a space", text.replace(":", ": ", 1)),
        ("a space at the end", text + " "),
        ("a newline at the end", text + "\n"),
        ("fields in another order", "{" + ",".join(reversed(fields)) + "}"),
        ("a field twice", text.replace(one, f"{one},{one}")),
        ("a default written out", text.replace(one, f'{one},"late":null')),
        ("null for a number", text.replace(one, '"index":null')),
        ("a fraction", text.replace(one, '"index":1.0')),
        ("an exponent", text.replace(one, '"index":1e0')),
        ("minus zero", text.replace(one, '"index":-0')),
        ("a leading zero in a number", text.replace(one, '"index":01')),
        ("beyond 2^53 - 1", text.replace(one, '"index":9007199254740992')),
        ("beyond every number", text.replace(one, '"index":1e999')),
        ("not a number", text.replace(one, '"index":NaN')),
        ("an escape where none is needed", text.replace('"type"', '"\\u0074ype"')),
        ("an escaped slash", text.replace(one, f'{one},"x":"\\/"')),
        ("a control character", text.replace(one, f'{one},"x":"\\u0001"')),
        ("a control character as it is", text.replace(one, f'{one},"x":"\t"')),
        ("DEL", text.replace(one, f'{one},"x":"\x7f"')),
        ("half of a surrogate pair", text.replace(one, f'{one},"x":"\\ud800"')),
        ("not in normal form C", text.replace(one, f'{one},"x":"e\u0301"')),
        ("a field name that is not ASCII", text.replace(one, f'{one},"á":1')),
        ("nested 17 levels deep", "[" * 17 + "]" * 17),
        ("nested beyond every reader", "[" * 5000 + "]" * 5000),
    ]


_CEREMONY = ("certificate", "commitment", "reveal", "key")


def _log(ballots: str = "ballot") -> list[Document]:
    """The types of a whole log up to `closed`, in order, with the trustees of each."""
    log: list[Document] = [
        {"type": f"ceremony_{part}", "index": index} for part in _CEREMONY for index in (2, 1, 3)
    ]
    log += [{"type": "terms"}, {"type": "election"}]
    log += [{"type": "trustee_confirms", "index": index} for index in (3, 1, 2)]
    log += [{"type": "voting_opened"}, *[{"type": "issuance"}] * 2]
    return [*log, {"type": ballots}, {"type": ballots}, {"type": "closed"}]


_DECRYPTIONS: list[Document] = [{"type": "partial_decryption", "index": i} for i in (1, 3)]
_OPENED: list[Document] = [*_DECRYPTIONS, {"type": "result"}]
_MINUTES: list[Document] = [{"type": "minute"}] * 2
_ONE_CLAIM: Document = {"type": "claim"}


def _cancelled(reason: str) -> Document:
    return {"type": "cancelled", "reason": reason}


def _spec(entry: Document) -> str:
    """The type and what else the grammar looks at: index or reason."""
    return " ".join(str(value) for value in entry.values())


def add_grammar(file: VectorFile) -> None:
    """Logs that follow the grammar, and those that do not (V0)."""
    log, withheld = _log(), _log("withheld")
    for description, entries in (
        ("nothing", []),
        ("a whole log", [*log, *_OPENED, *_MINUTES]),
        ("a log at its opening", log[:18]),
        ("a log at its closing", log),
        ("nobody took a ballot", [*log[:18], {"type": "closed"}]),
        ("cancelled in the ceremony", [*log[:5], _cancelled("council_decision")]),
        ("cancelled while voting", [*log[:18], _cancelled("trustees_unavailable")]),
        ("too few ballots", [*withheld, _cancelled("too_few_ballots")]),
        ("trustees are gone", [*withheld, _cancelled("trustees_unavailable")]),
        (
            "a promised ballot is missing",
            [*withheld, _ONE_CLAIM, _ONE_CLAIM, _cancelled("promised_ballot_missing")],
        ),
    ):
        file.positive(
            "check_grammar", description, {"entries": [_spec(entry) for entry in entries]}
        )
    for reason, entries in _broken_logs(log, withheld):
        file.negative("check_grammar", reason, {"entries": [_spec(entry) for entry in entries]})


def _broken_logs(log: list[Document], withheld: list[Document]) -> list[tuple[str, list[Document]]]:
    whole = [*log, *_OPENED, *_MINUTES]
    broken = [
        (f"{entry['type']} moved to the front", [entry, *whole[:place], *whole[place + 1 :]])
        for place, entry in enumerate(whole)
        if place in (3, 6, 9, 12, 13, 14, 17, 18, 20, 22, 23, 25, 26)
    ]
    broken += [
        (f"{kind} twice", [each for entry in whole for each in [entry] * (1 + _is(entry, kind))])
        for kind in ("terms", "election", "voting_opened", "closed", "result")
    ]
    broken += [
        (
            f"trustee 1 twice in {kind}",
            [
                each
                for entry in whole
                for each in [entry] * (1 + (_is(entry, kind) and entry["index"] == 1))
            ],
        )
        for kind in ("ceremony_key", "trustee_confirms", "partial_decryption")
    ]
    broken += [
        (f"no {kind}", [entry for entry in whole if not _is(entry, kind)])
        for kind in (
            *("ceremony_commitment", "ceremony_reveal", "ceremony_key", "terms", "election"),
            *("trustee_confirms", "issuance", "closed", "partial_decryption"),
        )
    ]
    too_few, missing = _cancelled("too_few_ballots"), _cancelled("promised_ballot_missing")
    return [
        *broken,
        ("opened after a claim", [*log, _ONE_CLAIM, *_OPENED]),
        ("a claim after the opening", [*log, *_DECRYPTIONS, _ONE_CLAIM]),
        ("cancelled after a claim for another reason", [*withheld, _ONE_CLAIM, too_few]),
        ("a missing ballot without a claim", [*withheld, missing]),
        ("too few ballots before closing", [*log[:18], too_few]),
        ("the council's decision after closing", [*withheld, _cancelled("council_decision")]),
        ("cancelled after the opening", [*log, *_DECRYPTIONS, too_few]),
        ("something after the end", [*log[:18], _cancelled("council_decision"), log[18]]),
        ("withheld ballots, not cancelled", [*withheld, *_OPENED]),
        ("ballots of a cancelled election", [*log, too_few]),
    ]


def _is(entry: Document, kind: str) -> bool:
    return bool(entry["type"] == kind)


def add_rules(file: VectorFile) -> None:
    """Exact shares: what passes, what is needed, what is printed (protocol.md §1)."""
    for share, comparator, agree, base in (
        ("80%", "at_least", 12, 15),
        ("80%", "more_than", 12, 15),
        ("80%", "at_least", 8, 11),
        ("90%", "at_least", 14, 15),
        ("90%", "at_least", 13, 15),
        ("2/3", "at_least", 6, 9),
        ("2/3", "more_than", 6, 9),
        ("66.6667%", "at_least", 6, 9),
        ("66.5%", "at_least", 133, 200),
        ("50%", "more_than", 250, 500),
        ("50%", "more_than", 251, 500),
        ("1/3", "at_least", 1, 3),
        ("0.0001%", "at_least", 1, 500),
        ("9998/9999", "at_least", 499, 500),
        ("100%", "at_least", 500, 500),
        ("100%", "more_than", 500, 500),
        ("75%", "at_least", 0, 0),
        ("12.5%", "at_least", 1, 8),
        ("12.5%", "at_least", 1, 800),
        ("60%", "at_least", 1, 7),
    ):
        given = {"share": share, "comparator": comparator, "agree": agree, "base": base}
        file.positive("judge", f"{agree} of {base}, {comparator} {share}", given)
    for share in (
        *("", "90", "0%", "101%", "4/3", "1/0", "0/3", "90,5%", "9e1%", "٩٠%", "90%\n", "2/3\n"),
        *("+1/2", " 50%", "50 %", "66.66667%", "1000%", "12345/12346", "-1/2", ".5%", "5.%"),
    ):
        given = {"share": share, "comparator": "at_least", "agree": 1, "base": 2}
        file.negative("judge", f"not a share: {share!r}", given)
