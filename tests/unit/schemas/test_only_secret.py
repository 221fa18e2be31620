"""The words of an open vote are recognised in any dress, and people's own texts never judged."""

import time
import unicodedata

import pytest

from schemas.only_secret import (
    FREE_TEXTS,
    asks_open_vote,
    asks_open_vote_in_body,
    asks_open_vote_in_fields,
    asks_open_vote_in_headers,
    names_method,
    names_open_vote,
)

OPEN_VALUES = [
    *("show_of_hands", "show-of-hands", "Show Of Hands", "showOfHands", "SHOW_OF_HANDS"),
    *("open", "Open", "open_vote", "open ballot", "openly", "is_open", "isOpen", "public"),
    *(
        "roll_call",
        "rollCall",
        "roll-call vote",
        "viva voce",
        "voice_vote",
        "by_name",
        "acclamation",
    ),
    *("giơ tay", "Giơ Tay", "gio tay", "gio_tay", "giotay", "hình thức giơ tay", "biểu quyết"),
    *("bieu_quyet", "BIỂU QUYẾT CÔNG KHAI", "công khai", "cong-khai", "bỏ phiếu công khai"),
    *(
        "ｏｐｅｎ",
        "o\u200bpen",
        "non_secret",
        "not secret",
        "raised hands",
        "vote by show of hands",
    ),
]
METHOD_NAMES = [
    *("method", "Method", "METHOD", "voting_method", "votingMode", "voting-mode", "ballot_type"),
    *("hinh_thuc", "hình thức", "hinhThucBoPhieu", "phương thức", "cách bỏ phiếu", "mode"),
    *("type_of_vote", "election_form", "vote style", "secrecy", "visibility"),
]


@pytest.mark.parametrize("value", OPEN_VALUES)
def test_value_that_names_an_open_vote(value: str) -> None:
    """Case, accents, hyphens, Unicode form and hidden characters do not hide it."""
    assert names_open_vote(value)
    assert names_open_vote(unicodedata.normalize("NFD", value))
    assert names_open_vote(unicodedata.normalize("NFKD", value).upper())


@pytest.mark.parametrize("name", METHOD_NAMES)
def test_field_that_says_how_the_vote_is_held(name: str) -> None:
    """Such a field has the one value "secret"."""
    assert names_method(name)
    others: tuple[object, ...] = (
        "show_of_hands",
        "",
        "Secret",
        "SECRET",
        None,
        True,
        1,
        ["secret"],
        {},
    )
    for value in others:
        assert asks_open_vote({name: value}), value
    assert not asks_open_vote({name: "secret"})


@pytest.mark.parametrize(
    "document",
    [
        {"open": True},
        {"open": False},
        {"is_open": 1},
        {"openVote": "yes"},
        {"show_of_hands": True},
        {"giơ_tay": True},
        {"bieu-quyet": "x"},
        {"công khai": None},
        {"options": {"voting": {"roll_call": True}}},
        {"secret": False},
        {"secret": "false"},
        {"is_secret": 0},
        {"anonymous": "không"},
        {"secret_ballot": None},
        {"non_secret": True},
        {"group": "open"},
        {"kind": "giơ tay"},
        {"how": {"nested": [["biểu quyết"]]}},
        {"title": {"method": "open"}},
        ["show of hands"],
        "roll_call",
    ],
)
def test_document_that_asks_for_an_open_vote(document: object) -> None:
    """By name, value or flag, at any depth."""
    assert asks_open_vote(document)


@pytest.mark.parametrize("field", sorted(FREE_TEXTS))
def test_own_words_of_the_council(field: str) -> None:
    """Free texts and citations may say that no open vote is held, or anything else."""
    for text in (
        "không thực hiện biểu quyết",
        "Điều 9 Quy chế: bỏ phiếu kín, không giơ tay, không biểu quyết công khai",
        "biểu quyết",
        "open vote",
    ):
        assert not asks_open_vote({field: text})
        assert not asks_open_vote({"nominations": [{"no": 1, "rule": {field: text}}]})


@pytest.mark.parametrize(
    "document",
    [
        {},
        None,
        {"method": "secret"},
        {"secret": True, "anonymous": "yes"},
        {"kind": "regular", "presiding": 1, "late_issuance": True, "minimum_ballots": 5},
        {"no": 3, "state": "absent_consulted", "group": "BELENIOS-2048"},
        {"previous": "Lq8bHxnJ3vUq1T", "signature": "b3Blbg" * 15, "spki": "-open-" * 30},
    ],
)
def test_request_as_it_should_be(document: object) -> None:
    """Nothing of the API's own is taken for an open vote."""
    assert not asks_open_vote(document)


def test_field_that_comes_twice() -> None:
    """Readers keep the last of two equal fields; here each is looked at."""
    assert asks_open_vote_in_body(b'{"method":"open","method":"secret"}')
    assert asks_open_vote_in_body(b'{"method":"secret","method":"open"}')
    assert not asks_open_vote_in_body(b'{"method":"secret","method":"secret"}')


@pytest.mark.parametrize(
    "body",
    [
        rb'{"method":"\u006fpen"}',
        rb'{"\u006d\u0065thod":"x"}',
        '{"method":"giơ tay"}'.encode("utf-16"),
        b"\xef\xbb\xbf" + b"method=open",
        b"method=show_of_hands&group=Ed25519",
        "hình thức=giơ tay".encode(),
    ],
)
def test_body_in_other_clothes(body: bytes) -> None:
    """Escapes, another encoding of Unicode, a form instead of JSON."""
    assert asks_open_vote_in_body(body)


@pytest.mark.parametrize(
    "body", [b"", b"null", b"{", b"[" * 5000, b"\xff\xfe\xfd", b"%PDF-1.7 open"]
)
def test_body_that_is_no_request(body: bytes) -> None:
    """It is left to the reader of the request, who refuses it for what it is."""
    assert not asks_open_vote_in_body(body)


def test_query_and_headers() -> None:
    """There is no way around the body either."""
    assert asks_open_vote_in_fields([("method", "open")])
    assert asks_open_vote_in_fields([("open", "")])
    assert asks_open_vote_in_headers([("X-Voting-Method", "show_of_hands")])
    assert asks_open_vote_in_headers([("x-phieukin-open-vote", "1")])
    assert asks_open_vote_in_headers([("X-Secret-Ballot", "false")])
    assert not asks_open_vote_in_headers([("x-method", "secret")])


def test_headers_of_browsers_and_proxies() -> None:
    """Ordinary headers are nobody's wish for an open vote."""
    names = (
        "host user-agent accept accept-encoding content-type content-length origin cookie referer"
        " connection sec-fetch-mode sec-fetch-site sec-ch-ua x-forwarded-for x-forwarded-proto"
        " x-real-ip x-request-id x-http-method-override last-event-id cache-control dnt priority"
        " access-control-request-method public-key-pins transfer-encoding"
    )
    for name in names.split():
        assert not asks_open_vote_in_headers([(name, "cors")]), name


def test_value_too_long_to_be_a_name() -> None:
    """The search costs nothing for long values, whatever they are."""
    assert not names_open_vote("open" * 200_000)
    assert not names_method("method" * 200_000)
    assert not asks_open_vote({"ballot": "open" * 500_000})


def test_name_made_to_be_read_in_many_ways() -> None:
    """Whoever may send a request may send thousands of names: each is judged in no time."""
    words = ("only", "openly", "orally", "publicly", "secretly", "noprivately", "handshow", "votes")
    started_s = time.process_time()
    for word in words:
        name = (word * 20)[:76] + "q"
        for _ in range(100):
            assert not names_open_vote(name)
            assert not names_method(name)
    assert time.process_time() - started_s < 2.0
