"""The lists that a new hall opens with: facts from public data, their data standards, and how they are loaded."""
