"""Prints the address of a PostgreSQL of this machine for the tests, who derive their databases from its unused name.

Waits for a server that is still starting; says what was tried when none lets us in.
"""

import os
import sys
import time

import psycopg

USERS = (os.environ.get("PGUSER", "root"), "postgres")
PATIENCE_SECONDS = 30


def refusal(address: str) -> str:
    """Why this role cannot be used here; empty when it can."""
    try:
        with psycopg.connect(f"{address}/postgres", connect_timeout=3) as connection:
            role = connection.execute("SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user")
            return "" if role.fetchone() == (True,) else "may not create databases"
    except psycopg.Error as error:
        return str(error).strip().splitlines()[-1]


def main() -> int:
    """Print the address, or the refusals."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        refusals = {}
        for user in USERS:
            address = f"postgresql://{user}@127.0.0.1:{os.environ.get('PGPORT', '5432')}"
            refusals[user] = refusal(address)
            if not refusals[user]:
                print(f"{address}/bocage_{os.getpid()}")
                return 0
        if time.monotonic() > deadline:
            for user, reason in refusals.items():
                print(f"PostgreSQL on 127.0.0.1 as {user}: {reason}", file=sys.stderr)
            return 1
        time.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
