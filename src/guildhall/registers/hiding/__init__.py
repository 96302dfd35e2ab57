"""What may not be shown: entries that were erased by law, and those held back while a mistake is looked into.

`hall/erasure` and `hall/hold` say what; `projection` keeps it as runs of entry numbers beside the registers, in the
transaction that publishes it; `states` tells readers, who show such an entry as one without values; `removal` takes
erased values off the disk afterwards.
"""
