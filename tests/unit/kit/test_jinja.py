"""Words of pages: in the language of whoever reads, with values put in that stay values."""

from __future__ import annotations

import pytest
from django.utils import translation

from guildhall.kit.jinja import environment


@pytest.mark.parametrize(
    ("template", "html"),
    [
        ("{{ _('Councils & lists') }}", "Councils & lists"),
        ("{{ _('Kept by %(who)s', who='<b>') }}", "Kept by &lt;b&gt;"),
        ("{{ _('100%%') }}", "100%"),
        ("{% trans who='A & B' %}Kept by <i>{{ who }}</i>{% endtrans %}", "Kept by <i>A &amp; B</i>"),
        ("{% trans count=2 %}one list{% pluralize %}{{ count }} lists{% endtrans %}", "2 lists"),
    ],
)
def test_words_take_values_as_values(template: str, html: str) -> None:
    assert environment().from_string(template).render() == html


def test_words_are_in_the_language_of_whoever_reads() -> None:
    template = environment().from_string("{{ _('Yes') }}")
    for language, word in (("de", "Ja"), ("en-gb", "Yes"), ("fr", "Oui")):
        with translation.override(language):
            assert template.render() == word
