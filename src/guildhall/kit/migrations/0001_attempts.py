from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Attempts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("period", models.BigIntegerField()),
                ("count", models.IntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["period"], name="attempts_period")],
                "constraints": [models.UniqueConstraint(fields=("name", "period"), name="attempts_once")],
            },
        ),
    ]
