"""What the hall knows of one council, gathered from the lists that name it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from guildhall.reading import addresses
from guildhall.reading.cells import Row, rows
from guildhall.registers import catalogue
from guildhall.registers.models import Organisation, Register
from guildhall.registers.queries import links, records, registers

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
    """Councils whose name, code or GSS code matches, in the order of their short names."""
    found = registers.organisations(kind="council", current_on=None if with_former else today).order_by("slug")
    for word in query.split():
        found = found.filter(_matching(word))
    return list(found)


def facts(council: Organisation) -> CouncilFacts:
    code = council.local_authority
    register = registers.registers().filter(path=LOCAL_AUTHORITIES).first()
    record = register and records.at_head(register, register.head.size).filter(key=code).first()
    if not code or register is None or record is None:
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


def products_used(organisation: Organisation) -> list[Row]:
    """The rows of the organisation's list of products, if there is one."""
    register = registers.registers().filter(organisation=organisation, standard_name="product-use").first()
    if register is None:
        return []
    found = records.record_page(register, register.head.size, limit=500).rows
    return rows(catalogue.current_standard("product-use"), [(register, record) for record in found])


def slug_of_code(code: str) -> str | None:
    return Organisation.objects.filter(kind="council", local_authority=code).values_list("slug", flat=True).first()


def letter(council: Organisation) -> str:
    return council.slug[:1].upper()


def address(council: Organisation) -> str:
    return addresses.organisation(council)


def _matching(word: str) -> Q:
    return Q(name__icontains=word) | Q(slug__icontains=word) | Q(local_authority__iexact=word) | Q(gss_code__iexact=word)


def _by_code(codes: list[str]) -> list[Organisation]:
    return list(Organisation.objects.filter(kind="council", local_authority__in=codes).order_by("name"))
