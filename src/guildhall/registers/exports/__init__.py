"""Lists as files: which list at which state (`subject`), its rows as frames (`frames`), the formats, the files kept."""

from __future__ import annotations

from guildhall.registers.exports import parquet, sqlite, xlsx

# Formats whose files cannot be sent as they are written, each with what writes it.
WRITERS = {"xlsx": xlsx.write, "parquet": parquet.write, "sqlite": sqlite.write}
