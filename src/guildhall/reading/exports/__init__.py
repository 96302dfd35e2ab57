"""Downloads: the formats of a list, how each is sent, and what a page says of them before the click."""
