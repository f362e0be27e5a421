from typing import Any

from django.db import migrations


def forget(apps: Any, _editor: Any) -> None:
    """Lists were kept in clear, and only until they were imported: those that stand are dropped, not sealed afterwards,
    since what was written in clear would stay in the pages of the database. The clients created from them stay."""
    apps.get_model("onboarding", "ClientSheet").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0002_client_sheets")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
