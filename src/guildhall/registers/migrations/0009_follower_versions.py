from django.db import migrations, models

# What there is was taken by the version that is current now, as far as anybody knows.
_CURRENT = (
    "UPDATE registers_followerhead SET standard_version = COALESCE((SELECT s.version FROM registers_standard s"
    " JOIN registers_register r ON r.standard_name = s.name WHERE r.id = registers_followerhead.register_id"
    " AND s.is_current), '')"
)


class Migration(migrations.Migration):
    dependencies = [("registers", "0008_long_values")]

    operations = [
        migrations.AddField(
            "followerhead", "standard_version", models.CharField(default="", max_length=40), preserve_default=False
        ),
        migrations.RunSQL(_CURRENT, migrations.RunSQL.noop),
    ]
