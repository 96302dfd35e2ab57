"""The hall's settings with the gallery's pages in place of its own."""

from __future__ import annotations

from pathlib import Path

from guildhall.config.settings import *  # noqa: F403
from guildhall.config.settings import TEMPLATES

ROOT_URLCONF = "browser.harness.gallery"
TEMPLATES = [TEMPLATES[0] | {"DIRS": [*TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]}]
