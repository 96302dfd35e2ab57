"""Copies of a hall's database, taken while it serves, and how one is put back."""
