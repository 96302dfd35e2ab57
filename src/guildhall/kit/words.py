"""Dates, ages and numbers as people say them. Jinja filters."""

from __future__ import annotations

import datetime
import re
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

type Moment = str | int | datetime.date | datetime.datetime | None

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T.*)?", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_MONTHS_IN_YEAR = 12
_NOON = 12  # hours
_DAYS_TOLD_AS_DAYS = 31
_KILO, _TO_THE_UNIT = 1_000, 10
_KILOMETRES_A_MILE = 1.609344


def local_day(seconds: int) -> datetime.date:
    """The day, in the hall's own time zone, of a moment in seconds since 1970."""
    return _local(seconds).date()


def date_words(value: Moment) -> str:
    """Write "3 May 2026" for a day, "May 2026" for a month, "2026" for a year; what is no date stays as it is.

    Takes ISO 8601 text, seconds since 1970 or a date; seconds and times are told in the hall's own time zone.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return _text_in_words(value)
    day = _local(value) if isinstance(value, (int, datetime.datetime)) else value
    return f"{day.day} {MONTHS[day.month]} {day.year}"


def time_words(value: Moment) -> str:
    """Write "3 May 2026 at 2:05pm", in the hall's own time zone. Text and days are told as `date_words` does."""
    if not isinstance(value, (int, datetime.datetime)):
        return date_words(value)
    moment = _local(value)
    hour = moment.hour % _NOON or _NOON
    half = "am" if moment.hour < _NOON else "pm"
    return _("%(date)s at %(time)s") % {"date": date_words(moment), "time": f"{hour}:{moment.minute:02}{half}"}


def iso_time(value: int) -> str:
    """Seconds since 1970 as machines read them: 2026-05-03T13:05:00Z."""
    return datetime.datetime.fromtimestamp(value, tz=datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def age_words(value: str | None, today: str | None = None) -> str:
    """How old facts of this date are: "8 years old". Empty for what is no date or lies ahead.

    A month counts from its first day and a year from its first of January: the oldest that the facts can be.
    """
    born = _first_day(value or "")
    now = datetime.date.fromisoformat(today) if today else timezone.localdate()
    if born is None or born > now:
        return ""
    days = (now - born).days
    months = (now.year - born.year) * _MONTHS_IN_YEAR + now.month - born.month - (now.day < born.day)
    if months >= _MONTHS_IN_YEAR:
        years = months // _MONTHS_IN_YEAR
        return ngettext("%(number)s year old", "%(number)s years old", years) % {"number": years}
    if days >= _DAYS_TOLD_AS_DAYS and months:
        return ngettext("%(number)s month old", "%(number)s months old", months) % {"number": months}
    if days:
        return ngettext("%(number)s day old", "%(number)s days old", days) % {"number": days}
    return _("of today")


def number(value: float) -> str:
    """1234 -> "1,234"."""
    return f"{value:,}"


def file_size(length: int) -> str:
    """How long a file is, in the units that people know: 49263 -> "49 KB"."""
    if length < _KILO:
        return ngettext("%(number)s byte", "%(number)s bytes", length) % {"number": length}
    size, unit = length / _KILO, "KB"
    for larger in ("MB", "GB"):
        if size < _KILO:
            break
        size, unit = size / _KILO, larger
    return f"{size:.0f} {unit}" if size >= _TO_THE_UNIT else f"{size:.1f} {unit}"


def miles(kilometres: float) -> str:
    """How far, as people of the United Kingdom say it: whole miles, or "under 1"."""
    far = kilometres / _KILOMETRES_A_MILE
    return _("under 1") if 0 < far < 1 else f"{far:,.0f}"


def plural(count: int, one: str, many: str) -> str:
    """Say how many: 2, "%(number)s list", "%(number)s lists" -> "2 lists"."""
    return ngettext(one, many, count) % {"number": number(count)}


def host_of(address: str) -> str:
    """The host of a web address, without "www."; the text itself if it is no web address."""
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return address
    return host.removeprefix("www.") if host else address


def shorten(text: str, length: int = 60) -> str:
    """At most `length` characters, cut at a word where there is one."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    head, space, _rest = cut.rpartition(" ")
    return f"{head if space and len(head) > length // 2 else cut}…"


def today() -> str:
    """YYYY-MM-DD in the hall's own time zone."""
    return timezone.localdate().isoformat()


def _text_in_words(text: str) -> str:
    if day := _day(text):
        return date_words(day)
    month = _MONTH.fullmatch(text)
    if month and 1 <= int(month[2]) <= _MONTHS_IN_YEAR:
        return f"{MONTHS[int(month[2])]} {month[1]}"
    return text


def _first_day(text: str) -> datetime.date | None:
    if _YEAR.fullmatch(text):
        text = f"{text}-01"
    return _day(f"{text}-01" if _MONTH.fullmatch(text) else text)


def _day(text: str) -> datetime.date | None:
    found = _DAY.fullmatch(text)
    try:
        return datetime.date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _local(value: int | datetime.datetime) -> datetime.datetime:
    if isinstance(value, int):
        return datetime.datetime.fromtimestamp(value, tz=timezone.get_current_timezone())
    return timezone.localtime(value) if timezone.is_aware(value) else value
