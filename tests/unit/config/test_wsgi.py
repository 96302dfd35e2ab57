"""What the web server runs."""

from __future__ import annotations

from importlib import import_module

from django.template import engines


def test_every_template_is_read_before_the_first_reader_comes() -> None:
    import_module("guildhall.config.wsgi")
    environment = engines["jinja2"].env
    read = {name for _loader, name in environment.cache}
    assert "reading/register.html" in read
    assert read >= set(environment.list_templates())
