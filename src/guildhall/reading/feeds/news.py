"""What feeds tell, in the words of the pages of changes."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from guildhall.kit.words import date_words, number, plural
from guildhall.reading import addresses, hiding
from guildhall.reading.feeds.model import Item
from guildhall.reading.views.standards import other_words
from guildhall.registers.hiding import states
from guildhall.registers.models import Publication, Standard
from guildhall.registers.queries import changes, time
from guildhall.registers.queries.changes import WeekOfList
from guildhall.registers.queries.versions import Version

# A week is told by so many of its lists, the unusual first.
_LISTS_OF_WEEK = 20


def of_publications(rows: Iterable[Publication]) -> list[Item]:
    """One item for each publication: what it did to which list, why, and whose list it is."""
    known = list(rows)
    hidden = states.of_each({row.register_id: row.register for row in known}.values())
    return [_of_publication(row, hidden[row.register_id]) for row in known]


def _of_publication(row: Publication, hidden: states.Hidden) -> Item:
    register = row.register
    told = _("%(title)s: %(added)s added, %(changed)s changed") % {
        "title": register.title,
        "added": number(row.added),
        "changed": number(row.changed),
    }
    # Of what is hidden as a whole the row has no reason any more: said instead is that it is.
    reason = hiding.state_words(hidden.whole(row.first_entry, row.last_entry)) or row.reason
    unofficial = _("Unofficial copy") if register.is_unofficial_copy else ""
    lines = [reason, " · ".join(part for part in (register.organisation.name, unofficial) if part)]
    return Item(
        name=f"/registers/{register.path}/publications/{row.number}",
        path=f"{addresses.register(register.path)}compare?from={row.first_entry - 1}&to={row.last_entry}",
        title=told,
        text="\n".join(line for line in lines if line),
        author=register.keeper.name,
        time=row.time,
    )


def of_versions(standard: Standard, versions: Iterable[Version]) -> list[Item]:
    """One item for each version of a data standard: which of its fields it added, changed and took out."""
    return [
        Item(
            name=f"/standards/{standard.name}/versions/{one.version}",
            path=addresses.standard(standard.name),
            title=_("%(title)s: version %(version)s") % {"title": standard.title, "version": one.version},
            text=_version_words(one),
            author=settings.GUILDHALL_TITLE,
            time=one.published,
        )
        for one in versions
    ]


def _version_words(version: Version) -> str:
    if version.is_first:
        return plural(
            version.size, "The first version, with %(number)s field.", "The first version, with %(number)s fields."
        )
    kinds = {"added": _("Fields added"), "changed": _("Fields changed"), "removed": _("Fields taken out")}
    lines = [
        f"{words}: {', '.join(step.title for step in version.fields if step.kind == kind)}."
        for kind, words in kinds.items()
        if any(step.kind == kind for step in version.fields)
    ]
    others = other_words()
    return "\n".join([*lines, *(others[name] for name in version.others)]) or _("No field changed.")


def of_weeks(count: int, today: datetime.date) -> list[Item]:
    """The last weeks that have ended, from Monday to Sunday, the newest first; none in which nothing changed."""
    monday = today - datetime.timedelta(days=today.weekday())
    ends = [monday - datetime.timedelta(days=1 + 7 * back) for back in range(count)]
    return [item for last in ends if (item := _of_week(last)) is not None]


def _of_week(last: datetime.date) -> Item | None:
    first = last - datetime.timedelta(days=changes.DAYS_A_WEEK - 1)
    start, end = time.after_day(first - datetime.timedelta(days=1)), time.after_day(last)
    lists = changes.week(start, end)
    changed = [one for one in lists if not one.is_new]
    begun = len(lists) - len(changed)
    lines = [_week_words(one) for one in changed[:_LISTS_OF_WEEK]]
    if len(changed) > len(lines):
        lines.append(
            plural(len(changed) - len(lines), "%(number)s further list changed.", "%(number)s further lists changed.")
        )
    if begun:
        lines.append(plural(begun, "%(number)s list began.", "%(number)s lists began."))
    if not lines:
        return None
    return Item(
        name=f"/changes/week/{last.isoformat()}",
        path=f"/changes/week?ending={last.isoformat()}",
        title=_("What changed in the week to %(date)s") % {"date": date_words(last)},
        text="\n".join(lines),
        author=settings.GUILDHALL_TITLE,
        time=end,
    )


def _week_words(one: WeekOfList) -> str:
    return _("%(title)s: %(added)s added, %(changed)s changed") % {
        "title": one.register.title,
        "added": number(one.added),
        "changed": number(one.changed),
    }
