"""A council's own pages for its services: what a resident came for, which this hall does not give."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from guildhall.kit.values import is_web_address
from guildhall.reading.councils.facts import Lists, has_ended
from guildhall.reading.sifting import matches
from guildhall.registers import catalogue
from guildhall.registers.models import Register
from guildhall.registers.queries import records, registers

SERVICE_LINK = "service-link"
_SERVICES = "hall/service"
# A council has a few hundred at most.
_MOST = 3_000


@dataclass(frozen=True)
class Link:
    """One page of a council: what it is for, in words, and where."""

    title: str
    service: str
    interaction: str
    address: str


@dataclass(frozen=True)
class Services:
    """Links by subject. `register` is the list that they come from, None if there is no such list."""

    register: Register | None
    groups: list[tuple[str, list[Link]]]
    total: int

    @property
    def found(self) -> int:
        return sum(len(links) for _subject, links in self.groups)


def services_of(lists: Lists, query: str, today: str) -> Services:
    """The council's own pages for services that match, by subject."""
    register = lists.kept_to(SERVICE_LINK)
    if register is None:
        return Services(None, [], 0)
    standard = catalogue.current_standard(SERVICE_LINK)
    page = records.record_page(register, register.head.size, limit=_MOST)
    current = [record for record in page.rows if not has_ended(standard, record, today)]
    subjects = _subjects()
    groups: dict[str, list[Link]] = {}
    for record in current:
        service = str(record.item.get("service", ""))
        title = str(record.item.get("title", "")) or record.key
        subject = subjects.get(service, "") or _("Other services")
        address = str(record.item.get("address", ""))
        if is_web_address(address) and matches(query, title, subject):
            link = Link(title, service, str(record.item.get("interaction", "")), address)
            groups.setdefault(subject, []).append(link)
    for links in groups.values():
        links.sort(key=lambda link: link.title)
    return Services(register, sorted(groups.items()), len(current))


def _subjects() -> dict[str, str]:
    """The subject of each service by its number."""
    register = registers.registers().filter(path=_SERVICES).first()
    if register is None:
        return {}
    page = records.record_page(register, register.head.size, limit=_MOST)
    return {record.key: str(record.item.get("subject", "")) for record in page.rows}
