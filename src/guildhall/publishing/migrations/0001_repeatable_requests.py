import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="RepeatableRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255)),
                ("request_hash", models.BinaryField(max_length=32)),
                ("attempt", models.CharField(max_length=32)),
                ("started", models.DateTimeField()),
                ("status", models.SmallIntegerField(null=True)),
                ("body", models.TextField(blank=True)),
                (
                    "key",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.apikey",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["started"], name="repeatable_request_started")],
                "constraints": [models.UniqueConstraint(fields=("key", "name"), name="repeatable_request_once")],
            },
        ),
    ]
