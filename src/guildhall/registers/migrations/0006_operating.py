from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registers", "0005_code_points")]

    operations = [
        migrations.AddField("hallidentity", "public_key", models.BinaryField(default=b"", max_length=32)),
        migrations.AddField("hallidentity", "keeps_checkpoints", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="KeySuccession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(max_length=200)),
                ("predecessor", models.TextField()),
                ("successor", models.TextField()),
                ("note", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="PastOrigin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(max_length=200, unique=True)),
                ("note", models.TextField()),
                ("checkpoints", models.TextField()),
            ],
        ),
    ]
