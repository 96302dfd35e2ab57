"""Texts that the database compares as Python does: by code points, whatever language the database sorts by.

Pages go on from the last key that they showed, and lists are merged in Python by what a database put in order. Were the
two orders not the same, records would be left out or come twice. SQLite compares so anyway; PostgreSQL has to be told,
for a database sorts by the rules of the language that it was created for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AlterField
from django.db.migrations.state import ProjectState

# Comes after every other character, so after every key, and after all that goes on from a text that it is put behind.
LAST = "\U0010ffff"


if TYPE_CHECKING:
    _Text = models.CharField[str, str]  # only the stubs know it to be generic
else:
    _Text = models.CharField


class CodePointField(_Text):
    """A short text in the order of code points."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters: Any = super().db_parameters(connection)
        return parameters | {"collation": "C"} if connection.vendor == "postgresql" else parameters


class AlterOnPostgreSQL(AlterField):
    """Makes a text a CodePointField. SQLite would write the whole table anew, for nothing."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
