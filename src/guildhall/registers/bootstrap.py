"""The first day of a hall: its identity and its own five registers, published like any others."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from guildhall.log.canonical import canonical_json
from guildhall.registers import hall, identity, restored
from guildhall.registers.catalogue import current_standard
from guildhall.registers.models import HallIdentity, Register, RegisterHead
from guildhall.registers.publish import Options, publish
from guildhall.registers.remembering import remember
from guildhall.registers.rows import ListRows


def ensure_hall() -> None:
    """Create the hall, unless it is there already, and see that its last checkpoints are kept from then on.

    Raises OriginChangedError, LogKeyLostError or LogKeyChangedError if it was created as another than it is started as;
    RestoredHallError if it would be created where another has signed.
    """
    with transaction.atomic():
        if not HallIdentity.objects.exists():
            restored.refuse_used_folder()
        identity.create_identity()
        head = RegisterHead.objects.filter(register__path="hall/register").first()
        if head is None:
            _publish_first_items()
        else:
            identity.check_key("hall/register", head.checkpoint)
        identity.note_key()
    remember()


def _publish_first_items() -> None:
    first = hall.first_items(settings.GUILDHALL_TITLE)
    # The tables come first, so that there is something to publish in; what is then published says the same.
    for path in ("hall/standard", "hall/organisation", "hall/register"):
        hall.apply(path, [canonical_json(item) for item in first[path]])
    for path, items in first.items():
        register = Register.objects.get(path=path)
        rows = ListRows.of(current_standard(register.standard_name), items)
        publish(register, rows, options=Options(reason="The hall was created"))
