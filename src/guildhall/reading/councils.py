"""What the hall knows of one council, gathered from the lists that name it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from guildhall.reading import addresses
from guildhall.reading.cells import Row, rows
from guildhall.reading.search import fold, matches
from guildhall.registers import catalogue
from guildhall.registers.models import Organisation, Register
from guildhall.registers.queries import links, records, registers
from guildhall.registers.queries.history import as_list
from guildhall.registers.queries.records import Item, Record
from guildhall.schema.model import Standard

LOCAL_AUTHORITY = "local-authority"
LOCAL_AUTHORITIES = f"hall/{LOCAL_AUTHORITY}"


@dataclass(frozen=True)
class CouncilFacts:
    """`record` is its row in the list of local authorities; it replaced and was replaced by other councils."""

    record: Row | None
    replaced: list[Organisation]
    replaced_by: list[Organisation]


@dataclass(frozen=True)
class Lists:
    """The lists of an organisation: by itself, about it by others, and those that it keeps for others."""

    own: list[Register]
    unofficial: list[Register]
    for_others: int


def find(query: str, today: str, *, with_former: bool) -> list[Organisation]:
    """Councils whose name (in Welsh too), code or GSS code matches, in the order of their short names."""
    found = registers.organisations(kind="council", current_on=None if with_former else today).order_by("slug")
    if not fold(query):
        return list(found)
    called = _called()
    return [one for one in found if _is_meant(query, one, called.get(one.local_authority, {}))]


def facts(council: Organisation) -> CouncilFacts:
    code = council.local_authority
    register = registers.registers().filter(path=LOCAL_AUTHORITIES).first()
    if not code or register is None:
        return CouncilFacts(None, [], [])
    record = records.at_head(register, register.head.size).filter(key=code).first()
    if record is None:
        return CouncilFacts(None, [], [])
    change = records.to_change(record)
    replaced = [found.key for _, found in links.records_with(LOCAL_AUTHORITY, "replaced-by", code)]
    following = change.item.get("replaced-by", [])
    row = rows(catalogue.current_standard(LOCAL_AUTHORITY), [(register, change)])[0]
    return CouncilFacts(row, _by_code(replaced), _by_code([following] if isinstance(following, str) else following))


def lists_of(organisation: Organisation) -> Lists:
    about = list(registers.registers().filter(organisation=organisation, head__records__gt=0))
    others = registers.registers().filter(keeper=organisation).exclude(organisation=organisation)
    return Lists(
        own=[register for register in about if not register.is_unofficial_copy],
        unofficial=[register for register in about if register.is_unofficial_copy],
        for_others=others.count(),
    )


def products_used(organisation: Organisation, today: str) -> list[Row]:
    """The rows of the organisation's list of products, if there is one, without those that it uses no more."""
    register = registers.registers().filter(organisation=organisation, standard_name="product-use").first()
    if register is None:
        return []
    standard = catalogue.current_standard("product-use")
    found = records.record_page(register, register.head.size, limit=500).rows
    return rows(standard, [(register, record) for record in found if not has_ended(standard, record, today)])


def has_ended(standard: Standard, record: Record, today: str) -> bool:
    """Whether its end date has passed."""
    ended = str(record.item.get(standard.end_field or "", ""))
    return bool(ended) and ended < today


def slug_of_code(code: str) -> str | None:
    """The short name of a council, or of a body in which councils act together, by its code or its GSS code."""
    found = Organisation.objects.filter(Q(local_authority=code) | Q(gss_code=code))
    return found.order_by("-start_date").values_list("slug", flat=True).first()


def letter(council: Organisation) -> str:
    return council.slug[:1].upper()


def address(council: Organisation) -> str:
    return addresses.organisation(council)


def _called() -> dict[str, Item]:
    """What the list of local authorities says of each, by its code: other names, earlier codes."""
    register = registers.registers().filter(path=LOCAL_AUTHORITIES).first()
    return {row.key: row.item for row in records.stream_records(register, register.head.size)} if register else {}


def _is_meant(query: str, council: Organisation, item: Item) -> bool:
    names = [council.name, council.slug, *(str(item.get(field, "")) for field in ("name", "official-name", "name-cy"))]
    codes = {council.local_authority, council.gss_code, *as_list(item.get("former-gss-codes"))} - {""}
    return all(word.upper() in codes or matches(word, *names) for word in query.split())


def _by_code(codes: list[str]) -> list[Organisation]:
    return list(Organisation.objects.filter(kind="council", local_authority__in=codes).order_by("name"))
