import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="HashRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("first", models.BigIntegerField()),
                ("prefixes", models.BinaryField()),
                (
                    "register",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="registers.register",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["register", "first"], name="hash_run_once"),
                ],
            },
        ),
    ]
