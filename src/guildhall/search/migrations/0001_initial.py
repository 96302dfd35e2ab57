import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def make_index(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        # Without content and without positions: terms and documents alone. `ascii` leaves our terms as they are.
        schema_editor.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5"
            "(terms, content='', columnsize=0, detail=none, tokenize='ascii')"
        )
    else:
        schema_editor.execute("ALTER TABLE search_document ADD COLUMN terms tsvector NOT NULL DEFAULT ''")
        schema_editor.execute("CREATE INDEX search_document_terms ON search_document USING gin (terms)")


def drop_index(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE search_index")
    else:
        schema_editor.execute("ALTER TABLE search_document DROP COLUMN terms")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("collection", models.BigIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=256)),
                ("title", models.TextField()),
                ("text", models.TextField()),
                ("context", models.TextField()),
                ("boost", models.SmallIntegerField(default=0)),
                ("length", models.IntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("collection", "key"), name="search_document_once")],
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("word", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("documents", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Gram",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gram", models.CharField(max_length=3)),
                ("word", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="search.word")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("gram", "word"), name="search_gram_once")],
            },
        ),
        migrations.RunPython(make_index, drop_index),
    ]
