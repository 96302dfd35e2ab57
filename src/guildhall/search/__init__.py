"""Full text over documents, on SQLite and PostgreSQL alike. Knows nothing of registers.

Words are folded, stemmed and named in Python (`analysis`), so both databases hold the same terms for the same document
and find the same: SQLite in an FTS5 table, PostgreSQL in a `tsvector`. What is better than what is decided by bands of
our own (`plan`), never by a database's score.
"""
