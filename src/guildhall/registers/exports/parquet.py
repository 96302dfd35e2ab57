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
    """Write it whole. Long ones go through pieces beside it, so that memory does not grow with the list."""
    groups = _groups(subject)
    first, second = next(groups, None), next(groups, None)
    told = facts.of(subject)
    if first is None:
        first = pl.DataFrame(schema=typed.schema(subject))
    if second is None:
        first.write_parquet(path, compression="zstd", metadata=told)
        return
    with TemporaryDirectory(dir=path.parent, prefix=".part-") as folder:
        pieces = Path(folder)
        first.write_ipc(pieces / "0000.arrow", compression="lz4")
        second.write_ipc(pieces / "0001.arrow", compression="lz4")
        del first, second
        for number, group in enumerate(groups, 2):
            group.write_ipc(pieces / f"{number:04}.arrow", compression="lz4")
        whole = pl.scan_ipc(pieces / "*.arrow")
        whole.sink_parquet(path, compression="zstd", row_group_size=GROUP, metadata=told)


def _groups(subject: Subject) -> Iterator[pl.DataFrame]:
    select = typed.columns(subject)
    waiting: list[pl.DataFrame] = []
    rows = 0
    for frame in frames.text_frames(subject):
        waiting.append(frame.select(select))
        rows += frame.height
        if rows >= GROUP:
            yield pl.concat(waiting)
            waiting, rows = [], 0
    if waiting:
        yield pl.concat(waiting)
