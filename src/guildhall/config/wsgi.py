"""The WSGI application that granian serves."""

from __future__ import annotations

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template import engines
from django.template.backends.jinja2 import Jinja2


def _make_ready() -> None:
    """Read all addresses and templates, which takes about a second: else the first readers would wait for it."""
    import_module(settings.ROOT_URLCONF)
    for engine in engines.all():
        if isinstance(engine, Jinja2):
            for name in engine.env.list_templates():
                engine.env.get_template(name)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guildhall.config.settings")
application = get_wsgi_application()
_make_ready()
