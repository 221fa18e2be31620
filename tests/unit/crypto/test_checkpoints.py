"""C2SP notes, checkpoints and log proofs, and the box's promises."""

import base64

import pytest

from crypto.checkpoints import (
    Checkpoint,
    LogProof,
    NoteKey,
    NoteSigner,
    Promise,
    checkpoint_text,
    log_proof_to_text,
    open_note,
    parse_checkpoint_text,
    parse_log_proof,
    parse_note,
    parse_note_key,
    parse_promise_text,
    promise_text,
    sign_checkpoint,
    sign_note,
    sign_promise,
    verify_checkpoint,
    verify_log_proof,
    verify_promise,
)
from crypto.errors import InclusionProofError, NoteError, SignatureError
from crypto.merkle import TreeHead, inclusion_path, leaf_hash, tree_head

UUID = "2MoJPRgWzLnoyF"
LOG = NoteSigner(f"bau.example.vn/{UUID}", bytes(32))
BOX = NoteSigner(f"bau.example.vn/{UUID}/box", bytes([1]) * 32)
LEAVES = [leaf_hash(bytes([number])) for number in range(5)]
CHECKPOINT = Checkpoint(LOG.name, tree_head(LEAVES))
PROMISE = Promise(UUID, "A" * 43, bytes(range(32)))


def test_note_of_the_specification() -> None:
    """The example of C2SP signed-note splits at its last empty line."""
    text = (
        "Ognuno sta solo sul cuor della terra\n"
        "trafitto da un raggio di sole:\n\ned è subito sera.\n"
    )
    line = (
        "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+"
        "EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
    )
    parsed = parse_note(text + "\n" + line)
    assert parsed.text == text
    assert parsed.signatures[0].name == "quasimodo.example/salvatore"
    assert len(parsed.signatures[0].signature) == 64


def test_key_of_go_sumdb() -> None:
    """A published verifier key (sum.golang.org) has the id that we compute."""
    text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    assert parse_note_key(text).to_text() == text


def test_signed_note() -> None:
    """A note opens with its key, and its text is what was signed."""
    note = sign_note("xin chào\n", LOG)
    assert open_note(note, LOG.key) == "xin chào\n"
    assert parse_note_key(LOG.key.to_text()) == LOG.key


def test_note_signed_by_others_as_well() -> None:
    """Signatures of unknown keys are ignored."""
    other = sign_note("text\n", BOX).split("\n\n")[1]
    assert open_note(sign_note("text\n", LOG) + other, LOG.key) == "text\n"


def test_note_signed_by_another_key_of_the_same_name() -> None:
    """A note without a signature of this key is refused."""
    with pytest.raises(SignatureError):
        open_note(sign_note("text\n", NoteSigner(LOG.name, bytes([9]) * 32)), LOG.key)


def test_note_with_the_same_signature_twice() -> None:
    """One key signs a note once."""
    note = sign_note("text\n", LOG)
    with pytest.raises(SignatureError):
        open_note(note + note.split("\n\n")[1], LOG.key)


def test_note_with_another_text() -> None:
    """The signature covers the text."""
    with pytest.raises(SignatureError):
        open_note(sign_note("text\n", LOG).replace("text", "test"), LOG.key)


def _line(name: str, signature: bytes) -> str:
    return f"— {name} {base64.b64encode(signature).decode()}\n"


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n— name AAAAAAA=",
        "\n\n— name AAAAAAA=\n",
        "text\n\n- name AAAAAAA=\n",
        "text\n\n— name  AAAAAAA=\n",
        "text\n\n— na+me AAAAAAA=\n",
        "text\n\n— name AAAA\n",
        "text\n\n— name AAAAAAB=\n",
        "text\n\n— name AAAAAA\n",
        "te\rxt\n\n— name AAAAAAA=\n",
        "te\x7fxt\n\n— name AAAAAAA=\n",
        "te\ud800xt\n\n— name AAAAAAA=\n",
        "text\n\n" + "— name AAAAAAA=\n" * 17,
        "x" * 16_384 + "\n\n— name AAAAAAA=\n",
        "é" * 9_000 + "\n\n— name AAAAAAA=\n",
        f"text\n\n{_line('n' * 256, bytes(68))}",
    ],
)
def test_note_not_of_the_form(note: str) -> None:
    """A note is parsed strictly."""
    with pytest.raises(NoteError):
        parse_note(note)


def test_text_without_last_newline_is_not_signed() -> None:
    """Only whole lines are signed."""
    for text in ("text", "\n", ""):
        with pytest.raises(NoteError):
            sign_note(text, LOG)


@pytest.mark.parametrize(
    "text",
    [
        "name",
        "name+00000000+AAAA",
        "na me+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "sum.golang.org+033de0af+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "sum.golang.org+033de0ae+As4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuA==",
        "sum.golang.org+033DE0AE+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
    ],
)
def test_note_key_not_of_the_form(text: str) -> None:
    """A note key is parsed strictly, its id recomputed."""
    with pytest.raises(NoteError):
        parse_note_key(text)


def test_note_key_of_wrong_length() -> None:
    """An Ed25519 key has 32 bytes."""
    with pytest.raises(NoteError):
        NoteKey("name", bytes(31))


def test_checkpoint() -> None:
    """A checkpoint says origin, size and root, and nothing else."""
    note = sign_checkpoint(CHECKPOINT, LOG)
    assert verify_checkpoint(note, LOG.key) == CHECKPOINT
    assert parse_checkpoint_text(checkpoint_text(CHECKPOINT)) == CHECKPOINT


@pytest.mark.parametrize(
    "text",
    [
        "origin\n1\n",
        "origin\n1\n{root}\nextension\n",
        "\n1\n{root}\n",
        "ori gin\n1\n{root}\n",
        "origin\n01\n{root}\n",
        "origin\n-1\n{root}\n",
        "origin\n9007199254740992\n{root}\n",
        "origin\n1\nAAAA\n",
        "origin\n1\n{root}",
        "origin\n1\n!{root}\n",
    ],
)
def test_checkpoint_not_of_the_form(text: str) -> None:
    """A checkpoint is parsed strictly, without extension lines."""
    with pytest.raises(NoteError):
        parse_checkpoint_text(text.format(root=base64.b64encode(bytes(32)).decode()))


def test_checkpoint_of_another_log() -> None:
    """The key that signs a checkpoint is named as the origin."""
    text = checkpoint_text(CHECKPOINT)
    with pytest.raises(NoteError):
        verify_checkpoint(sign_note(text, BOX), BOX.key)
    with pytest.raises(NoteError):
        sign_checkpoint(CHECKPOINT, BOX)


def test_checkpoint_that_cannot_be() -> None:
    """A tree head has a size and 32 bytes."""
    for head in (TreeHead(-1, bytes(32)), TreeHead(1, bytes(31))):
        with pytest.raises(NoteError):
            checkpoint_text(Checkpoint("origin", head))


def test_promise() -> None:
    """A promise names election, fingerprint and tracker under the box key."""
    note = sign_promise(PROMISE, BOX)
    assert verify_promise(note, BOX.key) == PROMISE
    assert promise_text(PROMISE).split("\n")[0] == "phieukin/promise/1"


def test_promise_under_another_key_name() -> None:
    """The log key makes no promises, and a box none for another election."""
    with pytest.raises(NoteError):
        sign_promise(PROMISE, LOG)
    with pytest.raises(NoteError):
        verify_promise(sign_note(promise_text(PROMISE), LOG), LOG.key)


@pytest.mark.parametrize(
    "text",
    [
        f"phieukin/promise/2\n{UUID}\n{'A' * 43}\n{'0' * 64}\n",
        f"phieukin/promise/1\n{UUID}\n{'A' * 43}\n{'0' * 64}\nmore\n",
        f"phieukin/promise/1\n0{UUID}\n{'A' * 43}\n{'0' * 64}\n",
        f"phieukin/promise/1\n{UUID}\n{'A' * 42}\n{'0' * 64}\n",
        f"phieukin/promise/1\n{UUID}\n{'A' * 43}\n{'F' * 64}\n",
    ],
)
def test_promise_not_of_the_form(text: str) -> None:
    """A promise is parsed strictly."""
    with pytest.raises(NoteError):
        parse_promise_text(text)


def _proof_text(index: int, extra: bytes | None = None) -> str:
    path = tuple(inclusion_path(LEAVES, index))
    return log_proof_to_text(LogProof(index, path, sign_checkpoint(CHECKPOINT, LOG), extra))


def test_log_proof() -> None:
    """A log proof leads from a leaf to a signed checkpoint."""
    text = _proof_text(3)
    assert text.startswith("c2sp.org/tlog-proof@v1\nindex 3\n")
    assert verify_log_proof(text, LEAVES[3], LOG.key) == CHECKPOINT
    assert log_proof_to_text(parse_log_proof(text)) == text


def test_log_proof_of_another_leaf() -> None:
    """A log proof is of one leaf."""
    with pytest.raises(InclusionProofError):
        verify_log_proof(_proof_text(3), LEAVES[2], LOG.key)


def test_log_proof_with_extra_data() -> None:
    """Extra data are carried, whatever they are."""
    text = _proof_text(0, extra=b"receipt")
    assert parse_log_proof(text).extra == b"receipt"
    verify_log_proof(text, LEAVES[0], LOG.key)


def test_log_proof_of_a_single_leaf() -> None:
    """A tree of one leaf has an empty path."""
    note = sign_checkpoint(Checkpoint(LOG.name, tree_head(LEAVES[:1])), LOG)
    verify_log_proof(log_proof_to_text(LogProof(0, (), note)), LEAVES[0], LOG.key)


@pytest.mark.parametrize(
    "head",
    [
        "c2sp.org/tlog-proof@v2\nindex 0\n",
        "c2sp.org/tlog-proof@v1\n",
        "c2sp.org/tlog-proof@v1\nextra AAAA\n",
        "c2sp.org/tlog-proof@v1\nextra !\nindex 0\n",
        "c2sp.org/tlog-proof@v1\nextra " + "AAAA" * 1_366 + "\nindex 0\n",
        "c2sp.org/tlog-proof@v1\nindex 00\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + "A" * 43 + "=\n" * 1 + ("A" * 43 + "=\n") * 64,
    ],
)
def test_log_proof_not_of_the_form(head: str) -> None:
    """A log proof is parsed strictly."""
    with pytest.raises(NoteError):
        parse_log_proof(head + "\n" + sign_checkpoint(CHECKPOINT, LOG))


def test_log_proof_without_checkpoint() -> None:
    """A log proof holds its checkpoint."""
    for text in ("c2sp.org/tlog-proof@v1\nindex 0\n", "c2sp.org/tlog-proof@v1\nindex 0\n\nx\n"):
        with pytest.raises(NoteError):
            parse_log_proof(text)
