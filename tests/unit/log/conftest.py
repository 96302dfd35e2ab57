"""Properties are tried on machines that are slow at times: none fails for taking long."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
