"""Atom and JSON feeds: what changed, for feed readers."""
