"""The hall's own registers: how they come to be, and the tables projected from them.

`hall/organisation`, `hall/standard` and `hall/register` are registers like any other. What they say is applied to the
tables `Organisation`, `Standard` and `Register` in the transaction that publishes it, and can be applied again from the
first entry on (`rebuild`). So is what `hall/erasure` and `hall/hold` say (`hiding.projection`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction

from guildhall.log.checkpoint import Checkpoint, sign_checkpoint
from guildhall.log.merkle import EMPTY_ROOT
from guildhall.registers import identity
from guildhall.registers.catalogue import BOOTSTRAPPED, bootstrapped_descriptor
from guildhall.registers.errors import HallEntryError
from guildhall.registers.hiding import projection
from guildhall.registers.models import Entry, Organisation, Register, RegisterHead, Standard

HALL = "hall"
Item = Mapping[str, Any]


def apply(path: str, items: Iterable[bytes | memoryview]) -> None:
    """Apply entries of one of the hall's registers to its projection; other registers have none.

    Raises HallEntryError, upon which the whole publication is rolled back.
    """
    project = _PROJECTIONS.get(path)
    if project is not None:
        project([json.loads(bytes(item)) for item in items])


def _apply_organisations(items: list[Item]) -> None:
    rows = [
        Organisation(
            slug=item["organisation"],
            name=item["name"],
            kind=item["kind"],
            local_authority=item.get("local-authority", ""),
            gss_code=item.get("gss-code", ""),
            type_name=item.get("organisation-type", ""),
            region=item.get("region", ""),
            nation=item.get("nation", ""),
            website=item.get("website", ""),
            start_date=item.get("start-date", ""),
            end_date=item.get("end-date", ""),
        )
        for item in items
    ]
    _upsert(Organisation, rows, "slug")


def _apply_standards(items: list[Item]) -> None:
    for item in items:
        name, version = item["standard"], item["version"]
        descriptor = json.loads(item["schema"])
        known = Standard.objects.filter(name=name, version=version).first()
        if known is not None and known.descriptor != descriptor:
            raise HallEntryError(
                f"Version {version} of the data standard {name} is published already and cannot change.",
                "Give the changed standard a new version.",
            )
        Standard.objects.filter(name=name).update(is_current=False)
        Standard.objects.update_or_create(
            name=name,
            version=version,
            defaults={
                "title": item["title"],
                "description": item.get("description", ""),
                "descriptor": descriptor,
                "home": item.get("home", ""),
                "is_current": True,
            },
        )


def _apply_registers(items: list[Item]) -> None:
    wanted = {item[role] for item in items for role in ("organisation", "keeper")}
    organisations = {row.slug: row for row in Organisation.objects.filter(slug__in=wanted)}
    standards = set(Standard.objects.values_list("name", flat=True))
    known = dict(Register.objects.values_list("path", "standard_name"))
    rows = [_register_row(item, organisations, standards, known) for item in items]
    _upsert(Register, rows, "path")
    _open_heads([row.path for row in rows if row.path not in known])


def _register_row(
    item: Item, organisations: Mapping[str, Organisation], standards: set[str], known: Mapping[str, str]
) -> Register:
    path = item["register"]
    slug, _, name = path.partition("/")
    if slug != item["organisation"]:
        raise HallEntryError(f"The list {path} cannot belong to {item['organisation']}.", f"It must begin {slug}/.")
    for role in ("organisation", "keeper"):
        if item[role] not in organisations:
            raise HallEntryError(
                f"The list {path} names {item[role]}, and there is no such organisation.",
                "Publish the organisation in hall/organisation first.",
            )
    if item["standard"] not in standards:
        raise HallEntryError(
            f"The list {path} names the data standard {item['standard']}, and there is none of that name.",
            "Add the data standard first.",
        )
    if known.get(path, item["standard"]) != item["standard"]:
        raise HallEntryError(
            f"The list {path} is kept to {known[path]} and cannot pass to {item['standard']}.", "Open a new list."
        )
    return Register(
        path=path,
        organisation=organisations[slug],
        keeper=organisations[item["keeper"]],
        name=name,
        standard_name=item["standard"],
        title=item["title"],
        description=item.get("description", ""),
        licence=item.get("licence", ""),
        source=item.get("source", ""),
        source_date=item.get("source-date", ""),
        checked_on=item.get("checked-on", ""),
        end_date=item.get("end-date", ""),
    )


def _open_heads(paths: list[str]) -> None:
    """A new register is empty, and says so under a signed checkpoint from its first moment."""
    heads = []
    for register in Register.objects.filter(path__in=paths):
        empty = Checkpoint(identity.log_name(register.path), 0, EMPTY_ROOT)
        note = sign_checkpoint(identity.signer(register.path), empty)
        heads.append(RegisterHead(register=register, root=EMPTY_ROOT, checkpoint=note))
    RegisterHead.objects.bulk_create(heads, batch_size=500)


def _upsert(model: type[Organisation | Register], rows: list[Any], unique: str) -> None:
    """Insert or update by the unique field; of several rows for one key the last counts."""
    fields = [field.attname for field in model._meta.concrete_fields if field.name not in {"id", unique}]  # noqa: SLF001
    last = {getattr(row, unique): row for row in rows}
    model.objects.bulk_create(
        last.values(), batch_size=500, update_conflicts=True, unique_fields=[unique], update_fields=fields
    )


_PROJECTIONS: dict[str, Callable[[list[Item]], None]] = {
    "hall/organisation": _apply_organisations,
    "hall/standard": _apply_standards,
    "hall/register": _apply_registers,
    projection.ERASURES: projection.apply_erasures,
    projection.HOLDS: projection.apply_holds,
}


def rebuild() -> int:
    """Apply every entry of the hall's registers again, in order. Returns how many."""
    applied = 0
    with transaction.atomic():
        for path in _PROJECTIONS:
            # Locked, so that nothing newer is published and applied before what is older here.
            head = RegisterHead.objects.select_for_update(of=("self",)).get(register__path=path)
            items = list(
                Entry.objects.filter(register_id=head.pk, number__lte=head.size)
                .exclude(item=b"")  # erased: what was published after it says what counts
                .order_by("number")
                .values_list("item", flat=True)
            )
            apply(path, items)
            applied += len(items)
    return applied


# ---- the beginning


def standard_item(descriptor: Mapping[str, Any]) -> dict[str, str]:
    """The values that `hall/standard` holds for a standard."""
    item = {
        "standard": descriptor["name"],
        "title": descriptor["title"],
        "description": descriptor.get("description", ""),
        "version": descriptor["version"],
        # Not canonical JSON: limits such as 0.5 are numbers, which canonical items never hold.
        "schema": json.dumps(descriptor, sort_keys=True, ensure_ascii=False, separators=(",", ":")),
        "home": descriptor.get("home", ""),
    }
    return {name: value for name, value in item.items() if value}


def first_items(hall_title: str) -> dict[str, list[dict[str, str]]]:
    """What the hall's own registers say on the first day: register path -> values."""
    descriptors = [bootstrapped_descriptor(name) for name in BOOTSTRAPPED]
    return {
        "hall/standard": [standard_item(descriptor) for descriptor in descriptors],
        "hall/organisation": [{"organisation": HALL, "name": hall_title, "kind": "hall"}],
        "hall/register": [
            {
                "register": f"{HALL}/{descriptor['name']}",
                "organisation": HALL,
                "keeper": HALL,
                "standard": descriptor["name"],
                "title": f"{descriptor['title']}s in this hall",
                "description": descriptor["description"],
                "licence": "Open Government Licence v3.0",
                "source": hall_title,
            }
            for descriptor in descriptors
        ],
    }
