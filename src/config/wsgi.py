"""The WSGI entry point. A group that holds an unknown permission stops the start, see ``cabinet.accounts.checks``."""

import os

from django.core.checks import Tags
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
application = get_wsgi_application()
call_command("check", tags=[Tags.database], databases=["default"], verbosity=0)
