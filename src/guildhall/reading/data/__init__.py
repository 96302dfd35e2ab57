"""Answers for programs: the read API of GOV.UK Registers, downloads, indexes, and the files that auditors read."""
