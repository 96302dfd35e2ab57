"""The environment in which pages are drawn."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined

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
    # Looked up at each call, so that each reader gets their own language.
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # i18n adds it
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


def address(name: str, *parts: object, **named: object) -> str:
    """The address of a view, by its name."""
    return reverse(name, args=parts, kwargs=named or None)


def segment(key: str) -> str:
    """A key as one segment of an address."""
    return quote(encode_segment(key), safe="~")
