"""`publish()`: the only way into a register.

All that is heavy happens outside write transactions. Entries are staged in short transactions beyond the register's
head, marking what they will supersede; nobody sees them. One last short transaction moves the head and stores the
signed checkpoint and the publication. So a million rows appear at once or not at all, and whoever is killed half way
leaves nothing that anyone reads: the next publisher sweeps it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial

from django.db import DatabaseError, connection, transaction

from guildhall.log.canonical import canonical_json
from guildhall.log.checkpoint import Checkpoint, sign_checkpoint
from guildhall.log.leaf import item_hash
from guildhall.registers import hall, identity, refusals
from guildhall.registers.catalogue import current_standard
from guildhall.registers.compare import CHANGED, UNCHANGED, Comparison, Progress, compare, no_progress
from guildhall.registers.errors import AlteredValuesError, NoEndFieldError
from guildhall.registers.hiding.projection import hold_later
from guildhall.registers.lease import LEASE_SECONDS, Lease, brief
from guildhall.registers.models import Entry, Publication, Register, RegisterHead
from guildhall.registers.queries.records import as_bytes
from guildhall.registers.restored import refuse_restored
from guildhall.registers.rows import ListRows, Rows, Slice
from guildhall.registers.sequencer import sequence
from guildhall.registers.stage import Stage, has_left, sweep
from guildhall.registers.statements import fetch
from guildhall.schema.model import Standard

# A publish of so few rows is the same steps in one transaction, unless there is more to do than these rows.
SMALL = 500
_COUNT = "SELECT COUNT(*) FROM registers_entry WHERE register_id = %s AND number > %s AND number <= %s"

Clock = Callable[[], float]
Beside = Callable[[Publication], None]


def nothing_beside(publication: Publication) -> None:
    """For callers that keep nothing beside it."""


@dataclass(frozen=True)
class Options:
    """How to publish: `reason` is public; `close_missing_on` (YYYY-MM-DD) ends the records that the rows lack.

    `replace_erased` says that somebody wants the rows published too whose records were erased or are held.
    """

    reason: str = ""
    close_missing_on: str | None = None
    replace_erased: bool = False


@dataclass(frozen=True)
class Receipt:
    """What was published. With nothing new or changed there is no publication: `publication` is None."""

    path: str
    size: int
    added: int
    changed: int
    closed: int
    unchanged: int
    checkpoint: str
    publication: int | None


def publish(
    register: Register,
    rows: Rows,
    *,
    options: Options | None = None,
    compared: Comparison | None = None,
    standard: Standard | None = None,
    clock: Clock = time.time,
    on_progress: Progress = no_progress,
    beside: Beside = nothing_beside,
) -> Receipt:
    """Append what is new or changed in `rows`. Answers when it is durable and under a signed checkpoint.

    `compared` is a preview made before: it is used again if the register has not moved since. `standard` is the version
    that the rows were checked against, if that may have changed since. `beside` is called with the publication in the
    transaction that makes it: what it writes is there with the publication or not at all. Raises RegisterBusyError,
    LeaseLostError, RegisterClosedError, KeeperChangedError, RepeatedKeyError, NoEndFieldError, AlteredLogError,
    AlteredValuesError, HallEntryError, RestoredHallError.
    """
    options = options or Options()
    whole = transaction.atomic() if _is_small(register, rows, options) else nullcontext()
    with whole:
        standard = standard or current_standard(register.standard_name)
        run = _Run(register, standard, Lease.take(register), options, clock, on_progress, beside)
        try:
            receipt = run.carry_out(rows, compared)
        except DatabaseError:
            # The database cannot be asked to release it now; it runs out by itself.
            raise
        except BaseException:
            if not connection.needs_rollback:
                run.lease.release()
            raise
        if receipt.publication is None:
            run.lease.release()
    if receipt.publication is not None and connection.vendor == "postgresql":
        # It is published already: whatever happens now, the worker's next round does the same.
        transaction.on_commit(partial(sequence, wait=False), robust=True)
    return receipt


def _is_small(register: Register, rows: Rows, options: Options) -> bool:
    """Whether it is done soon enough for one transaction, which on SQLite every other writer must wait for.

    Ending what is missing may be many records, and so may sweeping what a large publication left when it died.
    """
    if len(rows) > SMALL or options.close_missing_on is not None:
        return False
    return not has_left(register)


@dataclass
class _Run:
    """One publication under way."""

    register: Register
    standard: Standard
    lease: Lease
    options: Options
    clock: Clock
    report: Progress
    beside: Beside

    def __post_init__(self) -> None:
        self._renewed = self.clock()

    def carry_out(self, rows: Rows, compared: Comparison | None) -> Receipt:
        head = RegisterHead.objects.get(pk=self.register.pk)
        refusals.refuse_closed(self.register)
        refuse_restored(self.register, head)
        # Before the sweep: were the size made smaller, that would take what was published for what was left behind.
        tree = refusals.refuse_altered(self.register, head)
        sweep(self.lease, head.size)
        if compared is None or (compared.size, compared.hidden_version) != (head.size, head.hidden_version):
            compared = compare(
                self.register,
                rows,
                find_missing=self.options.close_missing_on is not None,
                end_field=self.standard.end_field,
                on_progress=self._renewing(self.report),
            )
        if not self.options.replace_erased:
            refusals.refuse_hidden(self.register, compared.hidden)
        closing = self._closing(compared)
        if not compared.added and not compared.changed and not len(closing):
            return self._receipt(compared, closed=0, size=head.size, checkpoint=head.checkpoint, publication=None)
        stage = Stage(self.lease, tree, max(int(self.clock()), head.time))
        self._stage_rows(stage, rows, compared)
        for keys, items in closing.slices():
            stage.write(keys, items, keys)
        publication = self._finish(stage, compared, len(closing))
        return self._receipt(
            compared,
            closed=len(closing),
            size=publication.last_entry,
            checkpoint=publication.checkpoint,
            publication=publication.number,
        )

    def _stage_rows(self, stage: Stage, rows: Rows, compared: Comparison) -> None:
        done, total = 0, compared.added + compared.changed
        for keys, items, superseding in _only_new(rows, compared):
            self._keep_lease()
            if not keys:
                continue
            stage.write(keys, items, superseding)
            done += len(keys)
            self.report("publish", done, total)

    def _closing(self, compared: Comparison) -> ListRows:
        """The records that the rows lack, each with an end date, when that was asked for."""
        if self.options.close_missing_on is None or not compared.missing:
            return ListRows([])
        end_field = self.standard.end_field
        if end_field is None:
            raise NoEndFieldError(
                f"Records of {self.register.path} cannot be ended: the data standard {self.standard.name} "
                "has no field for an end date.",
                "Publish without closing what is missing.",
            )
        current = Entry.objects.filter(register=self.register, superseded_by=None, number__lte=compared.size)
        pairs: list[tuple[str, bytes]] = []
        for start in range(0, len(compared.missing), SMALL):
            self._keep_lease()
            some = compared.missing[start : start + SMALL]
            found = current.filter(key__in=some).order_by("key").values_list("key", "salt", "item_hash", "item")
            for key, salt, digest, item in found:
                if item_hash(bytes(salt), as_bytes(item)) != bytes(digest):
                    raise AlteredValuesError(
                        f"The values of {key} in {self.register.path} are not those that were signed, so nothing was "
                        "published: they would be signed anew.",
                        "Check the list with guildhall verify, and put the database back as it was.",
                    )
                ended = json.loads(as_bytes(item)) | {end_field: self.options.close_missing_on}
                pairs.append((key, canonical_json(ended)))
        return ListRows(pairs)

    def _finish(self, stage: Stage, compared: Comparison, closed: int) -> Publication:
        """The last short transaction: the run is whole, so the head moves over it."""
        size, root = stage.tree.size, stage.tree.root()
        # Counted before the lock is taken: under the fence nobody else can have touched these rows since.
        if fetch(_COUNT, [self.register.pk, stage.size, size]) != [(size - stage.size,)]:
            raise AssertionError(f"{self.register.path}: the staged run has a gap")
        with brief():
            self.lease.hold()
            head = RegisterHead.objects.get(pk=self.register.pk)
            # Under the lock: a change of key or origin is before this publication or signs it anew.
            signer = identity.signer(self.register.path)
            checkpoint = sign_checkpoint(signer, Checkpoint(signer.verifier_key.name, size, root))
            refusals.refuse_new_keeper(self.register)
            if head.hidden_version != compared.hidden_version and not self.options.replace_erased:
                refusals.refuse_superseding_hidden(self.register, stage.size, size)
            # Before the publication has its id: who waits here for the register of another publisher comes after it.
            run = Entry.objects.filter(register=self.register, number__gt=stage.size, number__lte=size)
            hall.apply(self.register.path, run.order_by("number").values_list("item", flat=True))
            hold_later(head, run)
            publication = Publication.objects.create(
                register=self.register,
                number=head.publications + 1,
                first_entry=head.size + 1,
                last_entry=size,
                time=stage.time,
                reason=self.options.reason,
                standard_version=self.standard.version,
                added=compared.added,
                changed=compared.changed + closed,
                checkpoint=checkpoint,
            )
            self.beside(publication)
            head.publications += 1
            head.size, head.root, head.time, head.checkpoint = size, root, stage.time, checkpoint
            head.records += compared.added
            head.lease_until = None
            head.save()
            if connection.vendor == "sqlite":
                sequence()
        return publication

    def _receipt(
        self, compared: Comparison, *, closed: int, size: int, checkpoint: str, publication: int | None
    ) -> Receipt:
        return Receipt(
            path=self.register.path,
            size=size,
            added=compared.added,
            changed=compared.changed,
            closed=closed,
            unchanged=compared.unchanged,
            checkpoint=checkpoint,
            publication=publication,
        )

    def _renewing(self, report: Progress) -> Progress:
        """Keep the lease while a long comparison runs."""

        def renew_and_report(stage: str, done: int, total: int) -> None:
            self._keep_lease()
            report(stage, done, total)

        return renew_and_report

    def _keep_lease(self) -> None:
        if self.clock() - self._renewed > LEASE_SECONDS / 3:
            self.lease.renew()
            self._renewed = self.clock()


def _only_new(rows: Rows, compared: Comparison) -> Iterator[tuple[list[str], list[bytes], list[str]]]:
    """Of each slice what is new or changed: keys, items, and the keys among them whose record is superseded."""
    place = 0
    for keys, items in rows.slices():
        marks = compared.marks[place : place + len(keys)]
        place += len(keys)
        if UNCHANGED in marks:
            wanted: Slice = (
                [key for key, mark in zip(keys, marks, strict=True) if mark],
                [item for item, mark in zip(items, marks, strict=True) if mark],
            )
        else:
            wanted = (keys, items)
        yield *wanted, [key for key, mark in zip(keys, marks, strict=True) if mark == CHANGED]
