"""How to use a list in the tools that people have: addresses and lines to copy, for that very list."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guildhall.kit.access import anyone
from guildhall.reading.exports import offers
from guildhall.registers.exports import subject
from guildhall.registers.exports.subject import Subject
from guildhall.registers.queries import registers


@dataclass(frozen=True)
class Tool:
    """A program, what to do in it step by step, and what to copy: pairs of what it is and its text."""

    place: str
    name: str
    steps: tuple[str, ...]
    copies: tuple[tuple[str, str], ...]
    note: str = ""


@anyone
def of_list(request: HttpRequest, organisation: str, name: str) -> HttpResponse:
    found = registers.register(f"{organisation}/{name}")
    context = _context(request, subject.of_register(found)) | {"register": found}
    return render(request, "reading/use.html", context)


@anyone
def of_standard(request: HttpRequest, name: str) -> HttpResponse:
    row = registers.standard(name)
    return render(request, "reading/use.html", _context(request, subject.of_standard(name)) | {"row": row})


def _context(request: HttpRequest, known: Subject) -> dict[str, object]:
    base = request.build_absolute_uri(offers.base_address(known))
    return {"tools": tools(base, known), "downloads": offers.of(known), "title": known.title, "address": f"{base}.csv"}


def tools(base: str, known: Subject) -> list[Tool]:
    """Every tool, with the address of this list: `base` is its address without the suffix."""
    return [*_spreadsheets(base), *_programs(base, known)]


def _spreadsheets(base: str) -> list[Tool]:
    excel = Tool(
        "excel",
        _("Excel"),
        (
            _("In Excel, open the Data tab and choose From Web."),
            _("Paste this address, then choose OK and Load."),
            _("To bring it up to date later, choose Refresh All on the Data tab."),
        ),
        ((_("Address for Excel"), f"{base}.csv?for=excel"),),
        _("Or download the Excel file. It has numbers and dates as such, and a sheet that says where they come from."),
    )
    sheets = Tool(
        "google-sheets",
        _("Google Sheets"),
        (_("Paste this into an empty cell. Google fetches the list again about every hour."),),
        ((_("Formula for Google Sheets"), f'=IMPORTDATA("{base}.csv")'),),
        _("Google Sheets cannot fetch very long lists. If it says so, download the CSV and choose File, then Import."),
    )
    return [excel, sheets]


def _programs(base: str, known: Subject) -> list[Tool]:
    keys = _keys(known)
    dtype = ", ".join(f"{json.dumps(name, ensure_ascii=False)}: str" for name in keys)
    types = ", ".join("`" + name.replace("\\", "\\\\").replace("`", "\\`") + "` = col_character()" for name in keys)
    python = Tool(
        "python",
        _("Python"),
        (_("With pandas, keys stay texts, so that no noughts are lost. With polars, each column has its type."),),
        (
            (_("Lines for pandas"), _pandas(base, dtype)),
            (_("Lines for polars"), f'import polars as pl\n\ntable = pl.read_parquet("{base}.parquet")'),
        ),
    )
    r = Tool(
        "r",
        "R",
        (_("With the readr package:"),),
        ((_("Lines for R"), f'library(readr)\n\ntable <- read_csv("{base}.csv", na = "", col_types = cols({types}))'),),
    )
    return [python, r, _command_line(base, known)]


def _pandas(base: str, dtype: str) -> str:
    """Only what is empty is missing: texts such as NA are values."""
    read = f'pd.read_csv("{base}.csv", dtype={{{dtype}}}, keep_default_na=False, na_values=[""])'
    return f"import pandas as pd\n\ntable = {read}"


def _command_line(base: str, known: Subject) -> Tool:
    name = known.stem
    curl = f'curl --fail --etag-save {name}.etag --etag-compare {name}.etag -o {name}.csv "{base}.csv"'
    resumed = f'curl --fail -C - -o {name}.parquet "{base}.parquet"'
    datasette = f'curl --fail -o {name}.sqlite "{base}.sqlite"\ndatasette {name}.sqlite'
    return Tool(
        "command-line",
        _("Command line"),
        (_("The first command fetches the list only if it has changed since the last time."),),
        (
            (_("Command to fetch it with curl"), curl),
            (_("Command that goes on with a download that was cut off"), resumed),
            (_("Commands to look at it in Datasette"), datasette),
        ),
    )


def _keys(known: Subject) -> list[str]:
    """The columns whose texts name something and may look like numbers: keys, and links to other lists."""
    naming = {*known.standard.key, *(link.field for link in known.standard.links)}
    own = [known.column(one) for one in known.fields if one.name in naming and not one.is_list]
    return ["key", *own] if known.is_joined else own
