"""Verifying: everything that a hall says of a list, worked out again from its address or from a copy of its files."""
