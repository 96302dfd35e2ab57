"""The bytes of a file before anything is made of them: what they are, how they are encoded, how lines end.

Everything is read a block at a time, and what cannot be a table is refused at the first block that shows it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from guildhall.schema.errors import GateError

MAX_FILE_BYTES = 1024**3
MAX_LINE_BYTES = 1024**2
BLOCK = 4 * 1024**2

_UNDEFINED_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_AS_CSV = "Open it and save the sheet as CSV (UTF-8)."
_OTHER_FILES = (
    (rb"%PDF-", "a PDF", "Publish the table that it was made from, saved as CSV."),
    (rb"PK\x03\x04", "a workbook such as XLSX, or another ZIP file", _AS_CSV),
    (rb"\xd0\xcf\x11\xe0", "an old Excel workbook", _AS_CSV),
    (rb"\x1f\x8b", "a compressed file", "Unpack it first."),
    (
        rb"(?i)<(?:!doctype html|html|head|body)",
        "a web page",
        "A site may have sent a page instead: fetch the file again.",
    ),
    (rb"<[?!a-zA-Z]", "XML", "A site may have sent an error message instead: fetch the file again, or save it as CSV."),
    (rb"\{\s*[\"}]|\[\s*[\[{\"]", "JSON", "Save the table as CSV."),
)


@dataclass
class Scan:
    """`encoding` is utf-8, cp1252, latin-1, utf-16-le or utf-16-be; `is_plain` if it can be read as it stands.

    `odd_line` is the first line that is not UTF-8, where there is one.
    """

    encoding: str = "utf-8"
    has_bare_returns: bool = False
    has_quotes: bool = False
    odd_line: int | None = None

    @property
    def is_plain(self) -> bool:
        return self.encoding == "utf-8" and not self.has_bare_returns


def scan(path: Path) -> Scan:
    """Read the whole file once. Raises GateError where it cannot be a table of text."""
    size = path.stat().st_size
    if not size:
        raise GateError(f"{path.name} is empty.", "Choose the file that has the rows, or save it again.")
    if size > MAX_FILE_BYTES:
        raise GateError(
            f"{path.name} has {size / 1024**2:,.0f} MB, and {MAX_FILE_BYTES // 1024**2:,} MB at most can be read.",
            "Divide the list into smaller ones.",
        )
    with path.open("rb") as file:
        head = file.read(4096)
    _refuse_other_files(path, head)
    for mark, encoding in _UTF_16.items():
        if head.startswith(mark):
            return Scan(encoding, has_bare_returns=True, has_quotes=True)
    return _scan_blocks(path)


def _scan_blocks(path: Path) -> Scan:
    found = Scan()
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, since, fits_cp1252 = 0, 0, True
    for block in _blocks(path):
        _refuse_nul(path, block, lines)
        ends = _line_ends(block, found)
        since = _refuse_long_line(path, ends, since, lines)
        found.has_quotes = found.has_quotes or b'"' in block
        fits_cp1252 = fits_cp1252 and (block.isascii() or block.translate(None, _UNDEFINED_IN_CP1252) == block)
        if found.odd_line is None:
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                found.odd_line = lines + error.object[: error.start].count(b"\n") + 1
        lines += ends.count(b"\n")
    if found.odd_line is not None:
        found.encoding = "cp1252" if fits_cp1252 else "latin-1"
    return found


def read_head(path: Path) -> str:
    """The beginning of a plain file, with a line feed at each line's end."""
    with _open_text(path, "utf-8") as file:
        return file.read(MAX_LINE_BYTES)


def write_plain(path: Path, encoding: str, target: Path) -> None:
    """The same text as UTF-8 with a line feed at the end of each line."""
    with _open_text(path, encoding) as source, target.open("w", encoding="utf-8", newline="") as file:
        for block in iter(lambda: source.read(BLOCK), ""):
            if "\0" in block:
                raise GateError(
                    f"{path.name} holds NUL characters, so it is not text.", "Save it again as CSV (UTF-8)."
                )
            file.write(block)


def _open_text(path: Path, encoding: str) -> TextIO:
    """A byte order mark is passed over."""
    file = path.open(encoding=encoding, newline=None)
    if file.read(1) != "\ufeff":
        file.seek(0)
    return file


def _blocks(path: Path) -> Iterator[bytes]:
    """A carriage return at the end of a block is read together with what follows. The last block is empty."""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            while block.endswith(b"\r") and (more := file.read(1)):
                block += more
            yield block
    yield b""


def _refuse_other_files(path: Path, head: bytes) -> None:
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    for expression, what, remedy in _OTHER_FILES:
        if re.match(expression, start):
            raise GateError(f"{path.name} is not a CSV file but {what}.", remedy)


def _refuse_nul(path: Path, block: bytes, lines: int) -> None:
    place = block.find(b"\0")
    if place >= 0:
        line = lines + block.count(b"\n", 0, place) + 1
        raise GateError(
            f"{path.name}, line {line:,}: there is a NUL byte, so this is not text.",
            "Save the table again as CSV (UTF-8) from the program that it was made with.",
        )


def _line_ends(block: bytes, found: Scan) -> bytes:
    """The block with a line feed at the end of each line."""
    if b"\r" not in block:
        return block
    plain = block.replace(b"\r\n", b"\n")
    if b"\r" in plain:
        found.has_bare_returns = True
        plain = plain.replace(b"\r", b"\n")
    return plain


def _refuse_long_line(path: Path, block: bytes, since: int, lines: int) -> int:
    """`since` are the bytes of the line that the block begins in; returns those of the line that it ends in."""
    place, line_start = 0, -since
    while (end := block.rfind(b"\n", place, line_start + MAX_LINE_BYTES + 1)) >= 0:
        place = line_start = end + 1
    if len(block) - line_start > MAX_LINE_BYTES:
        line = lines + block.count(b"\n", 0, place) + 1
        raise GateError(
            f"{path.name}, line {line:,}: the line is longer than {MAX_LINE_BYTES:,} bytes, so this is not a table.",
            "Look for a quotation mark that is not closed, or save the table again as CSV.",
        )
    return len(block) - line_start
