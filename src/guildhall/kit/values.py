"""Values as pages show them, safely: text is escaped, and only web addresses and the hall's own become links."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from guildhall.kit.words import date_words

# Inside a sentence, what follows an address as punctuation is no part of it.
_WEB_WITHIN = re.compile(r"https?://[^\s/?#]+[^\s;,]*[^\s;,.)]", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
# "//host" would lead to another site, and so would "/\host" in a browser.
_OWN = re.compile(r"/(?![/\\])\S*|[#?]\S*")
_OPEN_GOVERNMENT = re.compile(
    r"(the )?((uk[ -])?ogl|open government licence)[ \-(]*(v(ersion)? ?)?(3(\.0)?)?\)?", re.IGNORECASE
)
_LONGEST_SHORT_ADDRESS = 40
# As tuples, since `str | int` is made anew wherever it stands in a function.
_LISTS, _PLAIN, _EMPTY = (list, tuple), (str, int, float), (str, list, tuple)


def render_value(value: object, *, short: bool = False) -> Markup:
    """Draw one cell: Markup, text, number, None, a list of these, or anything with `text` and, if it likes, `url`,
    `is_external`, `is_date`.

    `short` draws web addresses without their scheme and cut to fit a table.
    """  # noqa: D205 - one list of what is taken
    return Markup(drawn(value, short=short))  # noqa: S704 - each of its parts was escaped


def drawn(value: object, *, short: bool = False) -> str:
    """The same as HTML in a plain text: a page draws hundreds, and each Markup escapes what it is put together with."""
    if value is None:
        return ""
    if isinstance(value, _LISTS):
        return _list(value, short=short)
    if isinstance(value, Markup):
        return value
    if isinstance(value, _PLAIN):
        return _text(str(value), short=short)
    if isinstance(value, dict):
        text, url, is_date = value["text"], value.get("url"), value.get("is_date")
    else:
        text, url = getattr(value, "text", value), getattr(value, "url", "")
        is_date = getattr(value, "is_date", False)
    return _cell(str(text), str(url or ""), is_date=bool(is_date), short=short)


def is_empty(value: object) -> bool:
    """There is nothing to show."""
    return value is None or (not value and isinstance(value, _EMPTY))


def is_web_address(text: str) -> bool:
    """It is a http or https address and nothing else."""
    return _WEB.fullmatch(text) is not None


def _list(values: list[object] | tuple[object, ...], *, short: bool) -> str:
    if len(values) == 1:
        return drawn(values[0], short=short)
    told = [drawn(one, short=short) for one in values if not is_empty(one)]
    if len(told) <= 1:
        return told[0] if told else ""
    return f'<ul class="gh-values">{"".join(f"<li>{one}</li>" for one in told)}</ul>'


def _cell(text: str, url: str, *, is_date: bool, short: bool) -> str:
    if url and _OWN.fullmatch(url):
        return f'<a class="govuk-link" href="{escape(url)}">{escape(text)}</a>'
    if url and is_web_address(url):
        return _web_link(url, _address(text, short=short) if text == url else text)
    return escape(date_words(text)) if is_date else _text(text, short=short)


def _text(text: str, *, short: bool) -> str:
    if "://" not in text:  # as nearly all are
        return escape(text)
    if is_web_address(text):
        return _web_link(text, _address(text, short=short))
    told: list[str] = []
    end = 0
    for found in _WEB_WITHIN.finditer(text):
        told += [escape(text[end : found.start()]), _web_link(found[0], _address(found[0], short=True))]
        end = found.end()
    return "".join([*told, escape(text[end:])])


def _address(text: str, *, short: bool) -> str:
    if not short:
        return text
    bare = re.sub(r"^https?://(www\.)?", "", text, flags=re.IGNORECASE).rstrip("/")
    return bare if len(bare) <= _LONGEST_SHORT_ADDRESS else f"{bare[: _LONGEST_SHORT_ADDRESS - 1]}…"


def _web_link(url: str, text: str) -> str:
    return f'<a class="govuk-link gh-address" href="{escape(url)}" rel="nofollow noopener">{escape(text)}</a>'


def licence_address(text: str) -> str | None:
    """The address of a licence's words; None for any but the Open Government Licence."""
    return OPEN_GOVERNMENT_LICENCE if _OPEN_GOVERNMENT.fullmatch(text) else None


def licence_link(text: str) -> Markup:
    """A licence's name; the Open Government Licence alone, however it is written, as a link to its words."""
    if _OPEN_GOVERNMENT.fullmatch(text):
        return render_value({"text": _("Open Government Licence v3.0"), "url": OPEN_GOVERNMENT_LICENCE})
    return render_value(text)


OPEN_GOVERNMENT_LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
