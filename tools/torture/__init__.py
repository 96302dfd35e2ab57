"""Kill what writes, at random moments, and look whether anything that was acknowledged is lost: `make torture`.

`victims` starts the programs of a hall and kills them, `paths` are the ways to write, each with what it was told,
`checks` reads everything again afterwards, `scenarios` are worse days: a full disk, a database that stops, a crowd, a
clock that jumps back.
"""
