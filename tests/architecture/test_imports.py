"""The layers, held by import-linter, and what it cannot see."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

from .source import PACKAGE, ROOT, modules, named


def test_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_log_and_schema_can_be_imported_without_django() -> None:
    """An auditor's computer has no Django: neither may load it, not even by way of something else."""
    program = """
        import importlib, pkgutil, sys
        sys.modules["django"] = None
        for name in ("log", "schema"):
            package = importlib.import_module(f"guildhall.{name}")
            for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
                if not module.name.endswith("__main__"):
                    importlib.import_module(module.name)
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_package_says_what_it_is_for() -> None:
    for path in modules():
        if path.name != "__init__.py":
            text = path.read_text("utf-8")
            if path.name not in {"apps.py", "urls.py"} and len(text.splitlines()) > 10:
                assert text.startswith('"""'), f"{named(path)} does not say what it is for"


def test_only_the_registers_write_to_their_tables() -> None:
    """`publish()` is the only way in: other packages may read entries, but not make them."""
    for path in modules():
        if (PACKAGE / "registers") not in path.parents:
            text = path.read_text("utf-8")
            for forbidden in ("INSERT INTO registers_", "UPDATE registers_", "Entry.objects.create", "Stage("):
                assert forbidden not in text, f"{named(path)}: {forbidden}"
