from django.db import migrations

from guildhall.kit.code_points import AlterOnPostgreSQL, CodePointField


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        AlterOnPostgreSQL("document", "key", CodePointField(max_length=256)),
        AlterOnPostgreSQL("gram", "gram", CodePointField(max_length=3)),
        AlterOnPostgreSQL("word", "word", CodePointField(max_length=40, primary_key=True, serialize=False)),
    ]
