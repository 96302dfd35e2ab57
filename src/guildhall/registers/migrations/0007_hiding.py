import django.db.models.deletion
from django.db import migrations, models

from guildhall.kit.code_points import CodePointField


class Migration(migrations.Migration):
    dependencies = [("registers", "0006_operating")]

    operations = [
        migrations.AddField("registerhead", "hidden_version", models.BigIntegerField(default=0)),
        migrations.AddField("registerhead", "hidden_runs", models.BigIntegerField(default=0)),
        migrations.AddField("followerhead", "hidden_version", models.BigIntegerField(default=0)),
        migrations.AddIndex(
            "registerhead",
            models.Index(
                fields=["hidden_version"], name="head_with_hidden", condition=models.Q(("hidden_version__gt", 0))
            ),
        ),
        migrations.CreateModel(
            name="HiddenRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("is_erased", models.BooleanField()),
                ("cause", CodePointField(max_length=256)),
                ("key", CodePointField(blank=True, max_length=256)),
                ("since", models.BigIntegerField()),
                ("until", models.BigIntegerField(null=True)),
                ("is_removed", models.BooleanField(default=False)),
                (
                    "register",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="registers.register"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["register", "until", "first"], name="hidden_run_in_force"),
                    models.Index(fields=["register", "since"], name="hidden_run_since"),
                    models.Index(
                        fields=["cause"], name="hidden_run_cause", condition=models.Q(("until__isnull", True))
                    ),
                    models.Index(
                        fields=["id"],
                        name="hidden_run_unremoved",
                        condition=models.Q(("is_erased", True), ("is_removed", False)),
                    ),
                ],
            },
        ),
    ]
