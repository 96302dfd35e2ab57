"""The tables that every register stands on.

`Entry`, `Tile`, `RegisterHead` and `Publication` hold what was published. `Organisation`, `Standard` and `Register` are
projections of the hall's own registers and can be rebuilt from them, and so is `HiddenRun`. `Value`, `ValueCount`,
`HashRun` and `FollowerCursor` belong to followers.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guildhall.kit.code_points import CodePointField


class HallIdentity(models.Model):
    """One row: the origin under which this hall signs, and the public half of the key with which it does."""

    origin = models.CharField(max_length=200)
    created = models.DateTimeField()
    public_key = models.BinaryField(max_length=32, default=b"")  # empty until the hall is next brought up to date
    # Whether the last checkpoints are known outside the database. Once they are, nothing is signed without them.
    keeps_checkpoints = models.BooleanField(default=False)


class KeySuccession(models.Model):
    """The log key was changed: a note that says so, signed by the key that was and by the one that is now."""

    origin = models.CharField(max_length=200)
    predecessor = models.TextField()  # verifier keys
    successor = models.TextField()
    note = models.TextField()


class PastOrigin(models.Model):
    """An origin under which this hall signed before part of its history was lost."""

    origin = models.CharField(max_length=200, unique=True)
    note = models.TextField()  # says so, signed by the key of the origin that followed
    checkpoints = models.TextField()  # the last known of each of its logs, one after the other


class Organisation(models.Model):
    """A council, central body, supplier or community group. Projected from `hall/organisation`."""

    slug = CodePointField(max_length=256, unique=True)
    name = models.TextField()
    kind = CodePointField(max_length=40)
    local_authority = models.CharField(max_length=20, blank=True)
    gss_code = models.CharField(max_length=20, blank=True)
    type_name = models.TextField(blank=True)
    region = models.TextField(blank=True)
    nation = models.TextField(blank=True)
    website = models.TextField(blank=True)
    start_date = CodePointField(max_length=10, blank=True)
    end_date = CodePointField(max_length=10, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "name"], name="organisation_kind_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_council(self) -> bool:
        return self.kind == "council"


class Standard(models.Model):
    """One version of a standard. A version never changes once published. Projected from `hall/standard`."""

    name = CodePointField(max_length=100)
    version = CodePointField(max_length=40)
    title = models.TextField()
    description = models.TextField(blank=True)
    descriptor = models.JSONField()
    home = models.CharField(max_length=256, blank=True)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="standard_version_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Register(models.Model):
    """One organisation's list to one standard. Projected from `hall/register`; rows are updated, never deleted."""

    path = CodePointField(max_length=256, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="registers")
    keeper = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="kept_registers")
    name = models.CharField(max_length=100)
    standard_name = CodePointField(max_length=100, db_index=True)
    title = models.TextField()
    description = models.TextField(blank=True)
    licence = models.TextField(blank=True)
    source = models.TextField(blank=True)
    source_date = models.CharField(max_length=10, blank=True)
    checked_on = models.CharField(max_length=10, blank=True)
    end_date = models.CharField(max_length=10, blank=True)

    def __str__(self) -> str:
        return self.path

    @property
    def is_unofficial_copy(self) -> bool:
        """Kept by the hall from public data, because the organisation has not claimed it."""
        return self.keeper_id != self.organisation_id


class RegisterHead(models.Model):
    """How far a register can be read, and who may write to it now. No rebuild touches this table."""

    register = models.OneToOneField(Register, on_delete=models.PROTECT, primary_key=True, related_name="head")
    size = models.BigIntegerField(default=0)
    records = models.BigIntegerField(default=0)
    publications = models.BigIntegerField(default=0)
    time = models.BigIntegerField(default=0)  # seconds since 1970 of the last entry
    root = models.BinaryField(max_length=32)
    checkpoint = models.TextField(blank=True)
    lease_number = models.BigIntegerField(default=0)  # only grows: the fence
    lease_until = models.DateTimeField(null=True)
    hidden_version = models.BigIntegerField(default=0)  # only grows: how often other entries became hidden or shown
    hidden_runs = models.BigIntegerField(default=0)  # how many rows of HiddenRun are in force
    is_retired = models.BooleanField(default=False)  # closed, and all of it erased: not even keys are shown

    class Meta:
        indexes = [models.Index(fields=["hidden_version"], name="head_with_hidden", condition=Q(hidden_version__gt=0))]


class Entry(models.Model):
    """One change. Rows beyond the register's head are staged: nobody may read them.

    A row is also a record: the record of its key at head h is the row with `number <= h` and
    `superseded_by` null or above h.
    """

    pk = models.CompositePrimaryKey("register_id", "number")
    register = models.ForeignKey(Register, on_delete=models.PROTECT, db_index=False)
    number = models.BigIntegerField()
    key = CodePointField(max_length=256)
    time = models.BigIntegerField()  # seconds since 1970
    item_hash = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=16)
    item = models.BinaryField()  # the exact bytes that were hashed
    superseded_by = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["register", "key", "number"], name="entry_by_key"),
            models.Index(
                fields=["register", "superseded_by"], name="entry_superseded", condition=Q(superseded_by__isnull=False)
            ),
        ]


class HiddenRun(models.Model):
    """A run of entries whose values may not be shown. Projected from `hall/erasure` and `hall/hold`.

    It is in force from version `since` of what is hidden in the register up to `until`, which is null as long as it is.
    `cause` is the key of the erasure or hold. A hold on a record has its `key`: what is published of it later is hidden
    too. `is_removed` says of an erasure that no copy is left.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, db_index=False)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    is_erased = models.BooleanField()
    cause = CodePointField(max_length=256)
    key = CodePointField(max_length=256, blank=True)
    since = models.BigIntegerField()
    until = models.BigIntegerField(null=True)
    is_removed = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["register", "until", "first"], name="hidden_run_in_force"),
            models.Index(fields=["register", "since"], name="hidden_run_since"),
            models.Index(fields=["cause"], name="hidden_run_cause", condition=Q(until__isnull=True)),
            models.Index(fields=["id"], name="hidden_run_unremoved", condition=Q(is_erased=True, is_removed=False)),
        ]


class Tile(models.Model):
    """Stored hashes of a register's tree: tile `index` at `level`, up to 256 hashes of 32 bytes."""

    pk = models.CompositePrimaryKey("register_id", "level", "index")
    register = models.ForeignKey(Register, on_delete=models.PROTECT, db_index=False)
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()


class Publication(models.Model):
    """One act of publishing: a run of entries in one register, and the signed checkpoint after it.

    `position` is its place in the order of the whole hall (1, 2, 3 …, dense), given by the sequencer.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="publications")
    number = models.BigIntegerField()
    first_entry = models.BigIntegerField()
    last_entry = models.BigIntegerField()
    time = models.BigIntegerField()
    reason = models.TextField(blank=True)
    standard_version = models.CharField(max_length=40)
    added = models.BigIntegerField()
    changed = models.BigIntegerField()
    checkpoint = models.TextField()
    position = models.BigIntegerField(null=True, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "number"], name="publication_number_once")]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="publication_unsequenced", condition=Q(position__isnull=True)),
            models.Index(fields=["register", "last_entry"], name="publication_last_entry"),
            models.Index(fields=["register", "time", "number"], name="publication_of_day"),
            models.Index(fields=["register", "position"], name="publication_of_register"),
            models.Index(fields=["time", "position"], name="publication_time"),
        ]


class FollowerCursor(models.Model):
    """How far a follower has come: within the publication after `position`, up to `entry_number`."""

    name = CodePointField(max_length=100, primary_key=True)
    position = models.BigIntegerField(default=0)
    entry_number = models.BigIntegerField(default=0)


class FollowerHead(models.Model):
    """The size of one register as a follower knows it: what it has made can be read at this head."""

    follower = CodePointField(max_length=100)
    register = models.ForeignKey(Register, on_delete=models.CASCADE)
    size = models.BigIntegerField()
    hidden_version = models.BigIntegerField(default=0)  # of RegisterHead, as far as the follower has heeded it
    standard_version = models.CharField(max_length=40)  # by which the follower has taken all entries

    class Meta:
        constraints = [models.UniqueConstraint(fields=["follower", "register"], name="follower_head_once")]


class HashRun(models.Model):
    """The first bytes of the item hashes of a run of entries, in their order, from entry `first` on."""

    register = models.ForeignKey(Register, on_delete=models.CASCADE, db_index=False)
    first = models.BigIntegerField()
    prefixes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "first"], name="hash_run_once")]


class Value(models.Model):
    """One indexed value of one record. Obeys the rule of Entry at the follower's own head.

    `rank` is the number by which numbers and dates are compared, however they are written; null for texts.
    """

    register = models.ForeignKey(Register, on_delete=models.CASCADE, db_index=False)
    field = CodePointField(max_length=100)
    value = CodePointField(max_length=256)
    rank = models.FloatField(null=True)
    key = CodePointField(max_length=256)
    number = models.BigIntegerField()
    superseded_by = models.BigIntegerField(null=True)

    class Meta:
        # The last two columns let a page be read from the index alone.
        indexes: ClassVar = [
            models.Index(fields=["register", "key", "number"], name="value_by_key"),
            models.Index(
                fields=["register", "field", "value", "key", "number", "superseded_by"], name="value_by_value"
            ),
            models.Index(
                fields=["register", "field", "rank", "key", "number", "superseded_by"],
                name="value_by_rank",
                condition=Q(rank__isnull=False),
            ),
        ]


class ValueCount(models.Model):
    """How many records of a register have a value in an indexed field, at the head of the follower of values."""

    register = models.ForeignKey(Register, on_delete=models.CASCADE, db_index=False)
    field = CodePointField(max_length=100)
    value = CodePointField(max_length=256)
    count = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "field", "value"], name="value_count_once")]
        indexes: ClassVar = [models.Index(fields=["register", "field", "-count", "value"], name="value_count_most")]
