"""Citing a state of a list: title, keeper, date, licence, and the address that shows the list as it was then."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guildhall.kit.words import date_words

_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_{}"},
}


@dataclass(frozen=True)
class Citation:
    """What is cited. `published` is the day of its last publication; `in_force_on` narrows it to what was in force."""

    title: str
    keeper: str
    hall: str
    address: str
    licence: str
    version: str
    published: datetime.date | None
    in_force_on: datetime.date | None
    accessed: datetime.date

    @property
    def query(self) -> str:
        """The parameters of the address."""
        return self.address.partition("?")[2]

    @property
    def whole_title(self) -> str:
        if self.in_force_on is None:
            return self.title
        return _("%(title)s, in force on %(date)s") % {"title": self.title, "date": date_words(self.in_force_on)}

    @property
    def text(self) -> str:
        """One paragraph for a footnote."""
        year = self.published.year if self.published else _("no date")
        parts = [f"{self.keeper} ({year}). {self.whole_title}. {self.hall}."]
        if self.published:
            parts.append(_("As published on %(date)s.") % {"date": date_words(self.published)})
        if self.licence:
            parts.append(_("Licence: %(licence)s.") % {"licence": self.licence.rstrip(".")})
        parts.append(f"{self.address} ({_('seen on %(date)s') % {'date': date_words(self.accessed)}})")
        return " ".join(parts)

    @property
    def bibtex(self) -> str:
        fields = {
            "author": f"{{{_tex(self.keeper)}}}",
            "title": f"{{{_tex(self.whole_title)}}}",
            "publisher": _tex(self.hall),
            "year": str(self.published.year) if self.published else "",
            "date": self.published.isoformat() if self.published else "",
            "version": self.version,
            "url": self.address,
            "urldate": self.accessed.isoformat(),
            "note": _tex(self.licence),
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@misc{{{self.identifier},", *lines, "}"])

    @property
    def csl(self) -> dict[str, Any]:
        """An entry of CSL-JSON, which reference managers read."""
        told: dict[str, Any] = {
            "id": self.identifier,
            "type": "dataset",
            "title": self.whole_title,
            "author": [{"literal": self.keeper}],
            "publisher": self.hall,
            "version": self.version,
            "URL": self.address,
            "accessed": _date(self.accessed),
        }
        if self.published:
            told["issued"] = _date(self.published)
        if self.licence:
            told["note"] = self.licence
        return told

    @property
    def identifier(self) -> str:
        """A short name without spaces, such as hall-local-authority-12."""
        path = re.sub(r"^https?://[^/]+/(registers|standards)/|/?(records)?\?.*$", "", self.address)
        return "-".join(part for part in (*path.split("/"), self.version) if part)


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in text)


def _date(day: datetime.date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}
