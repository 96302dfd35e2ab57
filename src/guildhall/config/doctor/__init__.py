"""The doctor: what is wrong with a hall, one look after the other, and what to do about it."""
