"""One log key following another, and one origin another, as signed notes that anyone can follow.

A succession is signed by the key that was, so that whoever knows that one can trust its successor, and by the
successor, so that nobody can claim a key that is not theirs. Its first line is no list's name and it has more lines
than a checkpoint, so neither can be taken for the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from guildhall.log.leaf import format_time
from guildhall.log.notes import NoteError, Signer, VerifierKey

_SUCCESSION = re.compile(
    r"(?P<origin>[^\n]+)/log-keys\nkey succession\n(?P<before>[^\n]+)\n(?P<after>[^\n]+)\n"
    r"(?P<why>planned|compromised)\n(?P<time>[0-9TZ:-]{20})\n"
)


class SuccessionError(ValueError):
    """The keys that a hall shows do not follow from the one that is known; the message is a whole sentence."""


class CompromisedError(SuccessionError):
    """The known key was given up as compromised: what is signed with it proves nothing any more."""


@dataclass(frozen=True)
class Succession:
    """`after` takes the place of `before`. With a compromised key anyone could have signed that."""

    before: VerifierKey
    after: VerifierKey
    time: datetime
    compromised: bool

    def signed(self, before: Signer, after: Signer) -> str:
        why = "compromised" if self.compromised else "planned"
        text = (
            f"{self.after.name}/log-keys\nkey succession\n{self.before.format()}\n{self.after.format()}\n{why}\n"
            f"{format_time(int(self.time.timestamp()))}\n"
        )
        return before.sign(text) + after.sign(text).removeprefix(f"{text}\n")


def past_origin_text(origin: str, old_key: VerifierKey, time: datetime) -> str:
    """What a hall says of the origin that it signed under before."""
    return f"{origin}/log-keys\npast origin\n{old_key.format()}\n{format_time(int(time.timestamp()))}\n"


def follow(log_keys: str, known: VerifierKey) -> VerifierKey:
    """The key of today that follows from the one that is `known`, by what a hall's /log-keys says.

    Raises SuccessionError if none does; CompromisedError if the known one, or one on the way, was given up.
    """
    try:
        today = VerifierKey.parse(log_keys.partition("\n")[0])
        following = _following(log_keys)
        key = known
        while key != today and key in following:
            after, compromised, note = following.pop(key)
            key.verify(note)
            after.verify(note)
            if compromised:
                raise CompromisedError(_given_up(key, after))
            key = after
    except NoteError as error:
        raise SuccessionError(f"What the hall says of its keys does not hold. {error}") from error
    if key != today:
        raise SuccessionError(
            f"The hall {today.name} shows another key than before: {today.format()} instead of {known.format()}."
        )
    return key


def _given_up(key: VerifierKey, after: VerifierKey) -> str:
    return (
        f"The hall says that its key {key.format()} was compromised, and that {after.format()} took its place. "
        "Whoever stole the old key could say so too: compare the new one with one from elsewhere."
    )


def _following(log_keys: str) -> dict[VerifierKey, tuple[VerifierKey, bool, str]]:
    """Key -> its successor, whether the key was compromised, and the note. Who signed it is not looked at yet."""
    following: dict[VerifierKey, tuple[VerifierKey, bool, str]] = {}
    parts = log_keys.removesuffix("\n").split("\n\n")[1:]
    for text, signatures in zip(parts[::2], parts[1::2], strict=False):
        found = _SUCCESSION.fullmatch(f"{text}\n")
        if not found:
            continue
        before, after = VerifierKey.parse(found["before"]), VerifierKey.parse(found["after"])
        if not before.name == after.name == found["origin"]:
            continue
        if before in following:
            raise SuccessionError(f"The hall names two successors of its key {before.format()}.")
        following[before] = after, found["why"] == "compromised", f"{text}\n\n{signatures}\n"
    return following
