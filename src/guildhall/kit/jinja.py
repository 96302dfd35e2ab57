"""The environment in which pages are drawn."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from guildhall.kit import cells, values, words
from guildhall.kit.govuk import govuk
from guildhall.kit.slots import slot
from guildhall.log.segments import encode_segment


def environment(**options: Any) -> Environment:
    """Make the environment that Django asks for: everything escaped, and a name that is not there is an error."""
    env = Environment(  # noqa: S701 - Django gives autoescape=True, and so do we
        **options
        | {
            "autoescape": True,
            "undefined": StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "extensions": ["jinja2.ext.i18n"],
        }
    )
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # i18n adds it
    # In the place of Jinja's own, which prepare each text for values to be put in, whether or not there are any.
    env.globals.update(_=translated, gettext=translated)
    env.globals.update(
        url=address,
        static=static,
        hall_title=lambda: settings.GUILDHALL_TITLE,
        hall_contact=lambda: settings.GUILDHALL_CONTACT,
        today=words.today,
        plural=words.plural,
        slot=slot,
        govuk=govuk,
        render_value=values.render_value,
        table_rows=cells.table_rows,
        is_empty=values.is_empty,
        licence_link=values.licence_link,
        open_government_licence=values.OPEN_GOVERNMENT_LICENCE,
    )
    env.filters.update(
        date_words=words.date_words,
        local_day=words.local_day,
        time_words=words.time_words,
        age_words=words.age_words,
        iso_time=words.iso_time,
        number=words.number,
        file_size=words.file_size,
        miles=words.miles,
        host_of=words.host_of,
        shorten=words.shorten,
        segment=segment,
    )
    return env


def translated(message: str, /, **values: object) -> Markup:
    """A text of a page in the language of its reader; what stands in it as `%(name)s` is put in, escaped."""
    text = _in_language(message, get_language())
    return text % values if values or "%" in text else text


@lru_cache(maxsize=4_096)
def _in_language(message: str, _language: str | None) -> Markup:
    return Markup(gettext(message))  # noqa: S704 - the program's own words, or those of its translators


def address(name: str, *parts: object, **named: object) -> str:
    """The address of a view, by its name."""
    return reverse(name, args=parts, kwargs=named or None)


def segment(key: str) -> str:
    """A key as one segment of an address."""
    return quote(encode_segment(key), safe="~")
