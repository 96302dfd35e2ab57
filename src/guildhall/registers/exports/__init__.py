"""Lists as files: which list at which state (`subject`), its rows as frames (`frames`), the formats, the files kept.

`parquet_file` is for whoever filters a large list by fields that no index has.
"""

from __future__ import annotations

from pathlib import Path

from guildhall.registers.exports import files, parquet, sqlite, subject, xlsx
from guildhall.registers.models import Register

# Formats whose files cannot be sent as they are written, each with what writes it.
WRITERS = {"xlsx": xlsx.write, "parquet": parquet.write, "sqlite": sqlite.write}


def parquet_file(register: Register) -> tuple[Path, int] | None:
    """The Parquet file of a list and the size of the list that it shows; None while there is none that may be used.

    Its columns bear the names of the standard's fields and have their types; those of the key are always texts.
    """
    kept = files.newest(subject.of_register(register), "parquet")
    return (kept.path, kept.size) if kept else None
