"""One run of the program: the key, the lists one after another, and what accounts for values that are missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from guildhall.log.notes import NoteError, VerifierKey
from guildhall.log.successions import CompromisedError, SuccessionError, follow
from guildhall.log.verify.check import Check, Progress
from guildhall.log.verify.findings import Finding
from guildhall.log.verify.known import KeyChangedError, Known
from guildhall.log.verify.missing import ERASURES, HOLDS, Account, Missing, TooManyError, settle
from guildhall.log.verify.record import RecordCheck
from guildhall.log.verify.sources import GoneError, NotThereError, SourceError
from guildhall.log.verify.target import LIST_PATH, Target

# With the last checkpoints of the lists of past origins.
_KEYS_SIZE = 16 * 1024 * 1024


class Trust(StrEnum):
    """Where the hall's key comes from."""

    GIVEN = "given"
    REMEMBERED = "remembered"
    FOLLOWED = "followed"  # it is the successor of the one that was given or remembered
    FIRST_USE = "first use"


def establish_key(target: Target, known: Known, given: VerifierKey | None) -> tuple[VerifierKey, Trust]:
    """The hall's key. Raises SourceError; KeyChangedError if the hall shows another than before."""
    if given is not None:
        # A list's own key names the list; the hall's is the same under its origin.
        return _followed(target, given.named(given.name.partition("/registers/")[0]))
    address = target.hall.address
    remembered = known.key_at(address)
    try:
        log_keys = _read_keys(target)
        key = VerifierKey.parse(log_keys.partition("\n")[0])
    except NotThereError as error:
        if remembered is None:
            raise SourceError(f"{error} Give the hall's key with --key.") from error
        return remembered, Trust.REMEMBERED
    except NoteError as error:
        raise SourceError(f"The first line of {address}'s log-keys is no key. {error}") from error
    if known.refuse_other(address, key, log_keys):
        return key, Trust.FOLLOWED
    return key, Trust.REMEMBERED if key.name in known.keys else Trust.FIRST_USE


def _followed(target: Target, given: VerifierKey) -> tuple[VerifierKey, Trust]:
    """The key that was given, or its successor, if the hall has changed its key since and says so under the old one."""
    try:
        key = follow(_read_keys(target), given)
    except CompromisedError as error:
        raise KeyChangedError(f"{error} Then give the new one with --key.") from error
    except (SourceError, SuccessionError):
        return given, Trust.GIVEN
    return key, Trust.GIVEN if key == given else Trust.FOLLOWED


def _read_keys(target: Target) -> str:
    return target.hall.read("log-keys", _KEYS_SIZE).decode(errors="replace")


@dataclass
class Session:
    """Checks lists of one hall. `findings` has what was found, by the lists' paths."""

    target: Target
    key: VerifierKey
    known: Known
    report: Progress
    findings: dict[str, Finding] = field(default_factory=dict)
    _missing: Missing = field(default_factory=Missing)
    _accounts: dict[str, Account] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._missing.close()

    def check_lists(self, paths: Iterable[str]) -> None:
        """Check these lists, and with a whole hall those that were seen there before, the hall's two accounts last."""
        wanted = dict.fromkeys(paths)
        if self.target.path is None and self.target.hall.is_live:
            wanted |= dict.fromkeys(self._seen_before())
        for path in [*(path for path in wanted if path not in {ERASURES, HOLDS}), ERASURES, HOLDS]:
            if path in wanted:
                self._check(path)
        self._settle()

    def check_record(self, path: str, record: str) -> None:
        finding = self.findings[path] = Finding(path)
        place = self.target.place(path)
        check = RecordCheck(place, finding, self.key, self.known, self._missing, self.report, record)
        try:
            check.run()
        except SourceError as error:
            finding.unread = str(error)
        self._settle()

    def _seen_before(self) -> list[str]:
        """A list that the hall names no more is still looked for: it must not vanish unnoticed."""
        start = f"{self.key.name}/registers/"
        paths = [log.removeprefix(start) for log in self.known.logs if log.startswith(start)]
        return [path for path in paths if LIST_PATH.fullmatch(path)]

    def _check(self, path: str) -> None:
        finding = self.findings[path] = Finding(path)
        account = Account(path) if path in {ERASURES, HOLDS} else None
        take = account.take if account else None
        try:
            Check(self.target.place(path), finding, self.key, self.known, self._missing, self.report, take).run()
        except GoneError:
            finding.retired = True
        except SourceError as error:
            finding.unread = str(error)
        except TooManyError as error:
            finding.add(str(error))
        if account and finding.holds and not finding.retired:
            self._accounts[path] = account

    def _settle(self) -> None:
        if not self._missing.paths:
            return
        for path in (ERASURES, HOLDS):
            if path not in self.findings:
                self._check(path)
        settle(self._missing, self.findings, self._accounts)
        if self.target.path is not None:
            # Only the account itself matters here: that it cannot be read is said of the values that it should name.
            self.findings = {
                path: one for path, one in self.findings.items() if path == self.target.path or not one.unread
            }
