"""What must be said of everything that people can use: its address, its setting, its command, its error."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import click
import pytest
from django.urls import URLPattern, URLResolver, get_resolver

import guildhall
from guildhall.config import cli
from guildhall.config.environment import SETTINGS, Setting
from guildhall.kit.access import access_of
from guildhall.kit.exceptions import GuildhallError
from guildhall.registers.followers.run import FOLLOWERS

from .source import DOCS, ROOT

REFERENCE = DOCS / "reference"


def _routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _routes(one, path)
        else:
            yield path, one


def test_every_route_says_who_may_use_it() -> None:
    routes = list(_routes(get_resolver()))
    assert len(routes) > 20
    silent = [path for path, route in routes if access_of(route.callback) is None]
    assert not silent, f"these do not say who may use them: {silent}"


def _section(text: str, heading: str) -> str:
    """The text under a heading of the second level, up to the next."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented_as_it_is(setting: Setting) -> None:
    section = _section((REFERENCE / "settings.md").read_text("utf-8"), f"`{setting.name}`")
    assert section, f"{setting.name} is not in docs/reference/settings.md"
    told = " ".join(section.split())
    assert setting.help in told, f"{setting.name}: docs/reference/settings.md does not say {setting.help!r}"
    default = f"Default: `{setting.default}`." if setting.default else "Default: empty."
    assert default in told, f"{setting.name}: docs/reference/settings.md does not say {default!r}"


def test_no_setting_is_documented_that_there_is_not() -> None:
    told = re.findall(r"^## `(\w+)`$", (REFERENCE / "settings.md").read_text("utf-8"), flags=re.MULTILINE)
    assert told == [setting.name for setting in SETTINGS]


def _commands() -> dict[str, click.Command]:
    cli.cli.add_command(cli.verify)
    cli._add_commands()
    return dict(_below(cli.cli, "guildhall"))


def _below(group: click.Group, name: str) -> Iterator[tuple[str, click.Command]]:
    for own, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _below(command, f"{name} {own}")
        else:
            yield f"{name} {own}", command


COMMANDS = _commands()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_with_its_options(name: str) -> None:
    section = _section((REFERENCE / "commands.md").read_text("utf-8"), f"`{name}`")
    assert section, f"{name} is not in docs/reference/commands.md"
    wanted = set()
    for one in COMMANDS[name].params:
        if isinstance(one, click.Option):
            wanted |= set(one.opts)
            assert one.help, f"{name} {one.opts[0]} has no help"
        else:
            assert f"`{one.make_metavar(click.Context(COMMANDS[name]))}`" in section, f"{name} takes {one.name}"
    told = set(re.findall(r"^\| `(--?[\w-]+)", section, flags=re.MULTILINE))
    assert told == wanted
    assert COMMANDS[name].help, f"{name} does not say what it does"


def test_no_command_is_documented_that_there_is_not() -> None:
    told = re.findall(r"^## `(guildhall [\w -]+)`$", (REFERENCE / "commands.md").read_text("utf-8"), flags=re.MULTILINE)
    assert sorted(told) == sorted(COMMANDS)


def test_every_follower_is_documented() -> None:
    section = _section((REFERENCE / "commands.md").read_text("utf-8"), "`guildhall rebuild`")
    for follower in FOLLOWERS:
        assert f"`{follower.name}`" in section


def _errors() -> list[type[GuildhallError]]:
    for module in pkgutil.walk_packages(guildhall.__path__, "guildhall."):
        if not module.name.endswith("__main__") and "wsgi" not in module.name:
            importlib.import_module(module.name)
    found, waiting = [], [GuildhallError]
    while waiting:
        error = waiting.pop()
        found.append(error)
        waiting += error.__subclasses__()
    return [error for error in found if error.__module__.startswith("guildhall.")]


@pytest.mark.parametrize("error", _errors(), ids=lambda error: error.__name__)
def test_every_error_is_documented_as_people_read_it(error: type[GuildhallError]) -> None:
    lines = (REFERENCE / "errors.md").read_text("utf-8").splitlines()
    rows = [line for line in lines if f"`{error.__name__}`" in line]
    assert len(rows) == 1, f"{error.__name__} is not in docs/reference/errors.md, or more than once"
    cells = [cell.strip() for cell in rows[0].strip("|").split("|")]
    assert cells[:2] == [error.title, str(error.status)]
    assert cells[3], f"{error.__name__}: nothing is said of what to do"


def test_no_error_is_documented_that_there_is_not() -> None:
    told = set(re.findall(r"`(\w+Error)`", (REFERENCE / "errors.md").read_text("utf-8")))
    assert told == {error.__name__ for error in _errors()}


def test_every_target_of_make_is_explained() -> None:
    text = (ROOT / "Makefile").read_text()
    declared = next(line for line in text.splitlines() if line.startswith(".PHONY:")).split()[1:]
    explained = re.findall(r"^([a-z-]+):.*## \S", text, flags=re.MULTILINE)
    assert sorted(declared) == sorted(explained)
