"""A list as a Parquet file, its columns typed by the standard, its description beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from guildhall.registers.exports import facts, frames, typed
from guildhall.registers.exports.subject import Subject

# Rows of one group: what a reader takes in at a time, and what is held in memory while the file is written.
GROUP = 50_000


def write(subject: Subject, path: Path) -> None:
    """Write it whole, through pieces beside it, so that memory does not grow with the list."""
    with TemporaryDirectory(dir=path.parent, prefix=".part-") as folder:
        pieces = Path(folder)
        records = 0
        for number, group in enumerate(_groups(subject)):
            group.write_ipc(pieces / f"{number:06}.arrow", compression="lz4")
            records += group.height
        whole = pl.scan_ipc(pieces / "*.arrow")
        whole.sink_parquet(path, compression="zstd", row_group_size=GROUP, metadata=facts.of(subject, records))


def _groups(subject: Subject) -> Iterator[pl.DataFrame]:
    select = typed.columns(subject)
    """Its rows; the first has none, so that a list without records has its columns too."""
    waiting = [pl.DataFrame(schema=typed.schema(subject))]
    rows = 0
    for frame in frames.text_frames(subject):
        waiting.append(frame.select(select))
        rows += frame.height
        if rows >= GROUP:
            yield pl.concat(waiting)
            waiting, rows = [], 0
    if waiting:
        yield pl.concat(waiting)
