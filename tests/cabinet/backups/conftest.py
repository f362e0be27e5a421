from tests.cabinet.storage.conftest import client, committed, inhabited

__all__ = ["client", "committed", "inhabited"]
