import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0003_publication_times"),
    ]

    operations = [
        # The follower of values starts afresh, and gives each a rank and a count.
        migrations.RunSQL(
            sql=[
                "DELETE FROM registers_value",
                "DELETE FROM registers_followerhead WHERE follower = 'values'",
                "DELETE FROM registers_followercursor WHERE name = 'values'",
            ],
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="ValueCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=100)),
                ("value", models.CharField(max_length=256)),
                ("count", models.BigIntegerField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name="value",
            name="value_by_value",
        ),
        migrations.AddField(
            model_name="value",
            name="rank",
            field=models.FloatField(null=True),
        ),
        migrations.AddIndex(
            model_name="value",
            index=models.Index(
                fields=["register", "field", "value", "key", "number", "superseded_by"], name="value_by_value"
            ),
        ),
        migrations.AddIndex(
            model_name="value",
            index=models.Index(
                condition=models.Q(("rank__isnull", False)),
                fields=["register", "field", "rank", "key", "number", "superseded_by"],
                name="value_by_rank",
            ),
        ),
        migrations.AddField(
            model_name="valuecount",
            name="register",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, to="registers.register"
            ),
        ),
        migrations.AddIndex(
            model_name="valuecount",
            index=models.Index(fields=["register", "field", "-count", "value"], name="value_count_most"),
        ),
        migrations.AddConstraint(
            model_name="valuecount",
            constraint=models.UniqueConstraint(fields=("register", "field", "value"), name="value_count_once"),
        ),
    ]
