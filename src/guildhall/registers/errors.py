"""What can go wrong in registers, in the words that people read."""

from __future__ import annotations

from guildhall.kit.exceptions import BadRequestError, BusyError, ConflictError, GuildhallError, NotFoundError


class UnknownRegisterError(NotFoundError):
    title = "No such list"


class RetiredRegisterError(GuildhallError):
    """A register that was retired, because its keys may not be read: nothing of its entries is shown any more."""

    status = 410
    title = "This list was retired"


class UnknownOrganisationError(NotFoundError):
    title = "No such organisation"


class UnknownStandardError(NotFoundError):
    title = "No such data standard"


class UnknownEntryError(NotFoundError):
    title = "No such change"


class UnknownRecordError(NotFoundError):
    title = "No such record"


class RegisterBusyError(BusyError):
    """Another publisher holds the register's lease."""


class LeaseLostError(ConflictError):
    """The lease passed to another publisher while this one was at work; nothing of this one's is published."""

    title = "Another publisher took over"


class RegisterClosedError(ConflictError):
    """The register has an end date: nothing more is published in it."""

    title = "This list is closed"


class KeeperChangedError(ConflictError):
    """The keeper changed while the file was being read."""

    title = "Someone else keeps this list now"


class RepeatedKeyError(BadRequestError):
    """The same key twice in one publication."""

    title = "The same key twice"


class HallEntryError(BadRequestError):
    """A row of one of the hall's own registers that cannot be true."""

    title = "This entry cannot be made"


class AlteredLogError(ConflictError):
    """Stored hashes or checkpoint are not those that were signed. Nothing is signed that would go on from them."""

    title = "This list was altered"


class AlteredValuesError(ConflictError):
    """Stored values are not those that were signed. The hall never signs them again."""

    title = "Values were altered"


class HiddenRecordsError(ConflictError):
    """Records that were erased, or are held back, would be published again without anyone having said so."""

    title = "This was taken down"


class NothingToHideError(BadRequestError):
    """A hold or erasure that names no change that there is, or none that it could concern."""

    title = "There is nothing to take down"


class NoEndFieldError(BadRequestError):
    """Records are to be closed, but the standard has no field for an end date."""

    title = "This data standard has no end date"
