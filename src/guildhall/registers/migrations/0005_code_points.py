from django.db import migrations

from guildhall.kit.code_points import AlterOnPostgreSQL, CodePointField


class Migration(migrations.Migration):
    dependencies = [("registers", "0004_value_ranks")]

    operations = [
        AlterOnPostgreSQL("entry", "key", CodePointField(max_length=256)),
        AlterOnPostgreSQL("followercursor", "name", CodePointField(max_length=100, primary_key=True, serialize=False)),
        AlterOnPostgreSQL("followerhead", "follower", CodePointField(max_length=100)),
        AlterOnPostgreSQL("organisation", "end_date", CodePointField(blank=True, max_length=10)),
        AlterOnPostgreSQL("organisation", "kind", CodePointField(max_length=40)),
        AlterOnPostgreSQL("organisation", "slug", CodePointField(max_length=256, unique=True)),
        AlterOnPostgreSQL("organisation", "start_date", CodePointField(blank=True, max_length=10)),
        AlterOnPostgreSQL("register", "path", CodePointField(max_length=256, unique=True)),
        AlterOnPostgreSQL("register", "standard_name", CodePointField(db_index=True, max_length=100)),
        AlterOnPostgreSQL("standard", "name", CodePointField(max_length=100)),
        AlterOnPostgreSQL("standard", "version", CodePointField(max_length=40)),
        AlterOnPostgreSQL("value", "field", CodePointField(max_length=100)),
        AlterOnPostgreSQL("value", "key", CodePointField(max_length=256)),
        AlterOnPostgreSQL("value", "value", CodePointField(max_length=256)),
        AlterOnPostgreSQL("valuecount", "field", CodePointField(max_length=100)),
        AlterOnPostgreSQL("valuecount", "value", CodePointField(max_length=256)),
    ]
