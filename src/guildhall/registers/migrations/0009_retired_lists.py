from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registers", "0009_follower_versions")]

    operations = [
        migrations.AddField("registerhead", "is_retired", models.BooleanField(default=False)),
    ]
