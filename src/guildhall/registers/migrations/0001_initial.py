import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="FollowerCursor",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("position", models.BigIntegerField(default=0)),
                ("entry_number", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="HallIdentity",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("origin", models.CharField(max_length=200)),
                ("created", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Register",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("path", models.CharField(max_length=256, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("standard_name", models.CharField(db_index=True, max_length=100)),
                ("title", models.TextField()),
                ("description", models.TextField(blank=True)),
                ("licence", models.TextField(blank=True)),
                ("source", models.TextField(blank=True)),
                ("source_date", models.CharField(blank=True, max_length=10)),
                ("checked_on", models.CharField(blank=True, max_length=10)),
                ("end_date", models.CharField(blank=True, max_length=10)),
            ],
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("slug", models.CharField(max_length=256, unique=True)),
                ("name", models.TextField()),
                ("kind", models.CharField(max_length=40)),
                ("local_authority", models.CharField(blank=True, max_length=20)),
                ("gss_code", models.CharField(blank=True, max_length=20)),
                ("type_name", models.TextField(blank=True)),
                ("region", models.TextField(blank=True)),
                ("nation", models.TextField(blank=True)),
                ("website", models.TextField(blank=True)),
                ("start_date", models.CharField(blank=True, max_length=10)),
                ("end_date", models.CharField(blank=True, max_length=10)),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "name"], name="organisation_kind_name")],
            },
        ),
        migrations.CreateModel(
            name="RegisterHead",
            fields=[
                (
                    "register",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="head",
                        serialize=False,
                        to="registers.register",
                    ),
                ),
                ("size", models.BigIntegerField(default=0)),
                ("records", models.BigIntegerField(default=0)),
                ("publications", models.BigIntegerField(default=0)),
                ("time", models.BigIntegerField(default=0)),
                ("root", models.BinaryField(max_length=32)),
                ("checkpoint", models.TextField(blank=True)),
                ("lease_number", models.BigIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="register",
            name="keeper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="kept_registers",
                to="registers.organisation",
            ),
        ),
        migrations.AddField(
            model_name="register",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="registers",
                to="registers.organisation",
            ),
        ),
        migrations.CreateModel(
            name="Standard",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("name", models.CharField(max_length=100)),
                ("version", models.CharField(max_length=40)),
                ("title", models.TextField()),
                ("description", models.TextField(blank=True)),
                ("descriptor", models.JSONField()),
                ("home", models.CharField(blank=True, max_length=256)),
                ("is_current", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("name", "version"), name="standard_version_once")],
            },
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "register_id",
                        "level",
                        "index",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
                (
                    "register",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="registers.register"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("number", models.BigIntegerField()),
                ("first_entry", models.BigIntegerField()),
                ("last_entry", models.BigIntegerField()),
                ("time", models.BigIntegerField()),
                ("reason", models.TextField(blank=True)),
                ("standard_version", models.CharField(max_length=40)),
                ("added", models.BigIntegerField()),
                ("changed", models.BigIntegerField()),
                ("checkpoint", models.TextField()),
                ("position", models.BigIntegerField(null=True, unique=True)),
                (
                    "register",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="registers.register",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("position__isnull", True)),
                        fields=["id"],
                        name="publication_unsequenced",
                    ),
                    models.Index(fields=["register", "last_entry"], name="publication_last_entry"),
                ],
                "constraints": [models.UniqueConstraint(fields=("register", "number"), name="publication_number_once")],
            },
        ),
        migrations.CreateModel(
            name="FollowerHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("follower", models.CharField(max_length=100)),
                ("size", models.BigIntegerField()),
                (
                    "register",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="registers.register"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("follower", "register"), name="follower_head_once")],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "register_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.BigIntegerField()),
                ("key", models.CharField(max_length=256)),
                ("time", models.BigIntegerField()),
                ("item_hash", models.BinaryField(max_length=32)),
                ("salt", models.BinaryField(max_length=16)),
                ("item", models.BinaryField()),
                ("superseded_by", models.BigIntegerField(null=True)),
                (
                    "register",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="registers.register"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["register", "key", "number"], name="entry_by_key"),
                    models.Index(
                        condition=models.Q(("superseded_by__isnull", False)),
                        fields=["register", "superseded_by"],
                        name="entry_superseded",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Value",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("field", models.CharField(max_length=100)),
                ("value", models.CharField(max_length=256)),
                ("key", models.CharField(max_length=256)),
                ("number", models.BigIntegerField()),
                ("superseded_by", models.BigIntegerField(null=True)),
                (
                    "register",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="registers.register"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["field", "value", "register", "key"], name="value_by_value"),
                    models.Index(fields=["register", "key", "number"], name="value_by_key"),
                ],
            },
        ),
    ]
