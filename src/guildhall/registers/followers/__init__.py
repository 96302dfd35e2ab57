"""Followers: what is derived from the registers and kept up to date as publications arrive.

A follower has a name, a cursor (position, entry number) that moves in the same transaction as its effect, and a
function that can always be run again. Nothing is queued, so a crash loses nothing.
"""
