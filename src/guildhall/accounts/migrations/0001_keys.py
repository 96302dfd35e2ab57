import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=12, unique=True)),
                ("secret_hash", models.BinaryField(max_length=32)),
                ("registers", models.JSONField(default=list)),
                ("scope", models.CharField(max_length=10)),
                ("label", models.CharField(blank=True, max_length=100)),
                ("created", models.DateTimeField()),
                ("expires", models.DateTimeField()),
                ("revoked", models.DateTimeField(null=True)),
                ("last_used", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registers.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("time", models.DateTimeField()),
                ("actor", models.CharField(max_length=100)),
                ("action", models.CharField(max_length=40)),
                ("organisation", models.CharField(max_length=256)),
                ("subject", models.CharField(max_length=300)),
                ("publication", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation", "time"], name="audit_of_organisation"),
                    models.Index(fields=["subject", "publication"], name="audit_of_publication"),
                    models.Index(fields=["actor", "time"], name="audit_of_actor"),
                ],
            },
        ),
    ]
