"""The data standards that a new hall opens with: the files in `standards/`."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

# Those that others link to come first.
NAMES = (
    "local-authority-type",
    "region",
    "local-authority",
    "government-organisation",
    "government-domain",
    "service",
    "service-link",
    "product",
    "product-use",
    "brownfield-land",
)


def descriptor(name: str) -> dict[str, Any]:
    """The Table Schema of one of them."""
    text = resources.files("guildhall.starter").joinpath("standards", f"{name}.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
