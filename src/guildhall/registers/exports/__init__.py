"""Lists as files: which list at which state (`subject`), its rows as frames (`frames`), the formats, the files kept."""

from __future__ import annotations

from guildhall.registers.exports import parquet, sqlite, texts, xlsx

# Formats of which large lists have files, each with what writes it.
WRITERS = {"csv": texts.write_csv, "xlsx": xlsx.write, "parquet": parquet.write, "sqlite": sqlite.write}
# Those of them that have to be whole before their first byte is sent.
WHOLE = frozenset(("xlsx", "parquet", "sqlite"))
