from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from cabinet.accounts.names import search_name


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001  # Django's signature
    people = apps.get_model("accounts", "Collaborator")
    for person in people.objects.filter(search_name="").iterator():
        person.search_name = search_name(person.last_name, person.first_name, person.email)
        person.save(update_fields=["search_name"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_people_and_settings")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
