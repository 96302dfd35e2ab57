"""Signed notes, against the published example of golang.org/x/mod/sumdb/note."""

from __future__ import annotations

import base64

import pytest

from guildhall.log.notes import NoteError, Signer, VerifierKey

PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
BY_PETER = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
BY_ENOCH = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
SEED = bytes(range(32))
SIGNER = Signer("hall.example.org", SEED)


def test_verify_published_note_holds() -> None:
    key = VerifierKey.parse(PETER)
    assert key.name == "PeterNeumann"
    assert key.format() == PETER
    assert key.verify(f"{TEXT}\n{BY_PETER}") == TEXT


def test_verify_passes_over_the_signatures_of_others() -> None:
    assert VerifierKey.parse(PETER).verify(f"{TEXT}\n{BY_ENOCH}{BY_PETER}") == TEXT


@pytest.mark.parametrize(
    "note",
    [
        f"{TEXT}\n{BY_ENOCH}",
        f"{TEXT.replace('answer', 'anwser')}\n{BY_PETER}",
        f"{TEXT}{BY_PETER}",
        f"{TEXT}\n{BY_PETER.strip()}",
        f"{TEXT}\n{BY_PETER}\n",
        f"{TEXT}\n{BY_PETER}and more\n",
        f"{TEXT}\n{BY_PETER.replace('— ', '- ')}",
        f"{TEXT}\n{BY_PETER.replace('AM=', 'AN=')}",
        f"{TEXT}\n{BY_PETER.replace('x08go', 'x18go')}",
        f"{TEXT}\n" + BY_ENOCH * 100 + BY_PETER,
        f"\n\n{BY_PETER}",
        "",
        TEXT,
        f"a\rb\n\n{BY_PETER}",
    ],
)
def test_verify_anything_else_fails(note: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.parse(PETER).verify(note)


def test_verify_with_a_second_signature_that_does_not_hold_fails() -> None:
    spoiled = base64.b64encode(SIGNER.verifier_key.id + bytes(64)).decode()
    with pytest.raises(NoteError, match="does not hold"):
        SIGNER.verifier_key.verify(SIGNER.sign("text\n") + f"— hall.example.org {spoiled}\n")


def test_sign_makes_a_note_that_verifies() -> None:
    note = SIGNER.sign("one\n\ntwo\n")
    assert note.startswith("one\n\ntwo\n\n— hall.example.org ")
    assert SIGNER.verifier_key.verify(note) == "one\n\ntwo\n"


@pytest.mark.parametrize("text", ["", "no line feed", "a\tb\n", "a\x00\n"])
def test_sign_anything_but_lines_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        SIGNER.sign(text)


def test_named_key_verifies_a_log_of_the_hall_and_has_an_id_of_its_own() -> None:
    log = Signer("hall.example.org/registers/hackney/project", SEED)
    key = SIGNER.verifier_key.named(log.verifier_key.name)
    assert key == log.verifier_key
    assert key.id != SIGNER.verifier_key.id
    assert key.verify(log.sign("text\n")) == "text\n"
    with pytest.raises(NoteError, match="not signed with the key"):
        SIGNER.verifier_key.verify(log.sign("text\n"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("Peter", "Paul"),
        PETER.replace("PeterNeumann", "Peter Neumann"),
        PETER.replace("+ARpc", "+Apc"),
        PETER.replace("+ARpc", "+AhRpc"),
        PETER + "=",
        PETER[:-4],
        f"example.org+00000000+{base64.b64encode(b'\x02' + bytes(32)).decode()}",
        "exam\x1bple.org+00000000+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_parse_of_no_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.parse(text)


def test_parse_takes_a_line_with_its_end() -> None:
    assert VerifierKey.parse(PETER + "\r\n").name == "PeterNeumann"
