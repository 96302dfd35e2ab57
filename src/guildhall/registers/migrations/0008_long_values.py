from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models.functions import Length


def start_afresh(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Where values were cut short, the follower of values takes all in anew, so that it tells them apart."""
    values = apps.get_model("registers", "Value").objects
    if not values.annotate(length=Length("value")).filter(length__gte=256).exists():
        return
    values.all().delete()
    apps.get_model("registers", "ValueCount").objects.all().delete()
    apps.get_model("registers", "FollowerHead").objects.filter(follower="values").delete()
    apps.get_model("registers", "FollowerCursor").objects.filter(name="values").delete()


class Migration(migrations.Migration):
    dependencies = [("registers", "0007_hiding")]

    operations = [migrations.RunPython(start_afresh, migrations.RunPython.noop)]
