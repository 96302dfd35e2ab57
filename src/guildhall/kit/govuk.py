"""GOV.UK Frontend components in our pages.

Their macros ask for parameters that were not given, so they live in an environment of their own, where that is no
error; in ours it is one.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup


def govuk(component: str, params: dict[str, Any]) -> Markup:
    """Draw a component, named as in the design system ("inset-text"), with its documented parameters."""
    name = "".join(part.capitalize() for part in component.split("-"))
    macro = getattr(_module(component), f"govuk{name}")
    return Markup(re.sub(r"\n\s*\n+", "\n", macro(params)).strip())  # noqa: S704 - escaped by the component's own template


@cache
def _environment() -> Environment:
    loader = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return Environment(loader=loader, autoescape=True, undefined=ChainableUndefined)


@cache
def _module(component: str) -> Any:
    return _environment().get_template(f"govuk_frontend_jinja/components/{component}/macro.html").module
