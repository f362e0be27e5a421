import secrets
from typing import Any

from django.db import migrations

from cabinet.audit.chain import content_digest, link_digest

BATCH = 1000


def chain(apps: Any, _editor: Any) -> None:
    """Every line that stands takes its place in its firm's chain, oldest first."""
    entries = apps.get_model("audit", "LogEntry")._base_manager
    heads = apps.get_model("audit", "ChainHead").objects
    for firm_id in entries.order_by().values_list("firm_id", flat=True).distinct():
        waiting = entries.filter(firm_id=firm_id, position__isnull=True).order_by("at", "id")
        position, digest = 0, ""
        while some := list(waiting[:BATCH]):
            for entry in some:
                entry.salt = secrets.token_hex(16)
                entry.content_digest = content_digest(entry)
                position += 1
                digest = entry.digest = link_digest(entry, position=position, previous=digest)
                entry.position = position
            entries.bulk_update(some, ["salt", "content_digest", "position", "digest"], batch_size=200)
        heads.create(firm_id=firm_id, position=position, digest=digest)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chain")]

    operations = [migrations.RunPython(chain, migrations.RunPython.noop)]
