"""The documents that can be found, and the words that they are made of.

The terms of a document stand in `search_index` (FTS5, without content) on SQLite and in the column
`search_document.terms` (tsvector) on PostgreSQL: see the first migration, `index` and `expressions`.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from guildhall.kit.code_points import CodePointField


class Document(models.Model):
    """One thing to be found. `collection` and `key` name it for whoever put it there; `boost` lifts it in its band."""

    collection = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    key = CodePointField(max_length=256)
    title = models.TextField()
    text = models.TextField()
    context = models.TextField()
    boost = models.SmallIntegerField(default=0)
    length = models.IntegerField()  # words in title and text

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "key"], name="search_document_once")]


class Word(models.Model):
    """A word as it is written in documents, folded, and in how many it stands: what misspelt words are compared to."""

    word = CodePointField(max_length=40, primary_key=True)
    documents = models.BigIntegerField()


class Gram(models.Model):
    """Three letters in a row of a word, its beginning and end marked: words that share many are alike."""

    gram = CodePointField(max_length=3)
    word = models.ForeignKey(Word, on_delete=models.CASCADE)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["gram", "word"], name="search_gram_once")]
