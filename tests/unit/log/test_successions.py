"""Keys that follow one another, as an auditor follows them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from guildhall.log.checkpoint import CheckpointError, parse_body
from guildhall.log.notes import Signer, VerifierKey
from guildhall.log.successions import CompromisedError, Succession, SuccessionError, follow, past_origin_text

NAME = "hall.example"
NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
ONE, TWO, THREE, THIEF = (Signer(NAME, bytes([number]) * 32) for number in range(4))


def note(before: Signer, after: Signer, *, signed_by: Signer | None = None, compromised: bool = False) -> str:
    succession = Succession(before.verifier_key, after.verifier_key, NOW, compromised=compromised)
    return succession.signed(signed_by or before, after)


def log_keys(*notes: str, today: Signer) -> str:
    return "\n".join([f"{today.verifier_key.format()}\n", *notes])


def key(signer: Signer) -> VerifierKey:
    return signer.verifier_key


def test_follow_leads_from_any_earlier_key_to_todays() -> None:
    told = log_keys(note(ONE, TWO), note(TWO, THREE), today=THREE)
    assert [follow(told, key(one)) for one in (ONE, TWO, THREE)] == [key(THREE)] * 3


def test_follow_passes_over_notes_of_other_kinds() -> None:
    past = THREE.sign(past_origin_text(NAME, key(ONE).named("old.example"), NOW))
    assert follow(log_keys(past, note(TWO, THREE), past, today=THREE), key(TWO)) == key(THREE)


def test_successor_that_the_key_has_not_signed_is_refused() -> None:
    told = log_keys(note(ONE, THIEF, signed_by=THIEF), today=THIEF)
    with pytest.raises(SuccessionError, match="does not hold"):
        follow(told, key(ONE))


def test_successor_that_has_not_signed_for_itself_is_refused() -> None:
    own = note(ONE, TWO)
    told = log_keys(own[: own.rindex("—")], today=TWO)
    with pytest.raises(SuccessionError, match="does not hold"):
        follow(told, key(ONE))


def test_succession_with_a_changed_word_is_refused() -> None:
    told = log_keys(note(ONE, TWO, compromised=True).replace("compromised", "planned"), today=TWO)
    with pytest.raises(SuccessionError, match="does not hold"):
        follow(told, key(ONE))


def test_key_that_nothing_leads_to_is_refused() -> None:
    with pytest.raises(SuccessionError, match="shows another key than before"):
        follow(log_keys(note(ONE, TWO), today=THIEF), key(ONE))
    with pytest.raises(SuccessionError, match="shows another key than before"):
        follow(log_keys(today=TWO), key(ONE))


def test_two_successors_of_one_key_are_refused() -> None:
    with pytest.raises(SuccessionError, match="two successors"):
        follow(log_keys(note(ONE, TWO), note(ONE, THREE), today=THREE), key(ONE))


def test_keys_in_a_ring_are_refused_at_once() -> None:
    with pytest.raises(SuccessionError, match="shows another key"):
        follow(log_keys(note(ONE, TWO), note(TWO, ONE), today=THREE), key(ONE))


def test_compromised_key_is_not_followed_even_further_on() -> None:
    told = log_keys(note(ONE, TWO), note(TWO, THREE, compromised=True), today=THREE)
    for known in (ONE, TWO):
        with pytest.raises(CompromisedError, match="was compromised"):
            follow(told, key(known))
    assert follow(told, key(THREE)) == key(THREE)


def test_succession_under_another_halls_name_does_not_count() -> None:
    other = Signer("other.example", bytes(32))
    succession = Succession(key(ONE), other.verifier_key, NOW, compromised=False).signed(ONE, other)
    with pytest.raises(SuccessionError):
        follow(log_keys(succession, today=other), key(ONE))


def test_damaged_keys_are_refused() -> None:
    for told in ("", "nonsense\n", f"{key(TWO).format()}\n\n\n\n{note(ONE, TWO)}", log_keys("x\n\ny\n", today=TWO)):
        with pytest.raises(SuccessionError):
            follow(told, key(ONE))


def test_succession_can_never_be_taken_for_a_checkpoint() -> None:
    for text in (note(ONE, TWO).partition("\n\n")[0] + "\n", past_origin_text(NAME, key(ONE), NOW)):
        with pytest.raises(CheckpointError):
            parse_body(text)
