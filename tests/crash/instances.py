"""A PostgreSQL and a RabbitMQ of our own: in a folder, on ports that nobody holds, ended with the test."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

PATIENCE_SECONDS = 60.0


class Absent(Exception):
    """The server is not installed here."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not answers(port):
        if time.monotonic() > deadline:
            raise RuntimeError(f"nothing on port {port}:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.1)


class PostgreSQL:
    """A cluster of its own. As root, it runs as the user postgres: the server refuses to be root."""

    def __init__(self, folder: Path) -> None:
        places = [
            shutil.which("initdb"),
            *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)),
        ]
        found = next((place for place in places if place), None)
        if found is None:
            raise Absent("initdb")
        self.bin = Path(found).resolve().parent
        self.home = folder / "postgresql"
        self.data, self.log, self.port = self.home / "data", self.home / "log", free_port()
        self.home.mkdir()
        self.runner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.runner:
            shutil.chown(self.home, "postgres")
        self._run("initdb", "-D", self.data, "-U", "bocage", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://bocage@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        sockets = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories={self.home}"
        self._run("pg_ctl", "-D", self.data, "-l", self.log, "-w", "-o", sockets, "start")

    def crash_and_start(self) -> None:
        """As after a power cut: no client is told, and the journal is replayed."""
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        time.sleep(1.0)
        self.start()

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop", check=False)

    def _run(self, program: str, *options: object, check: bool = True) -> None:
        command = [*self.runner, str(self.bin / program), *map(str, options)]
        # To a file: a server keeps the output that it was born with, and a pipe would never end.
        with (self.home / "tools.log").open("ab") as out:
            done = subprocess.run(command, cwd="/", stdout=out, stderr=out, check=False)
        if check and done.returncode:
            raise RuntimeError(f"{program}: {(self.home / 'tools.log').read_text()[-3000:]}")


class RabbitMQ:
    """A node of its own, with a name server of Erlang of its own."""

    def __init__(self, folder: Path) -> None:
        # Debian's own command would become another user and read the machine's configuration.
        found = next(iter(sorted(Path("/usr/lib/rabbitmq/lib").glob("*/sbin/rabbitmq-server"), reverse=True)), None)
        if found is None or shutil.which("epmd") is None:
            raise Absent("rabbitmq-server")
        self.program, self.home = found, folder / "rabbitmq"
        self.home.mkdir()
        (self.home / "enabled_plugins").write_text("[].")
        (self.home / "rabbitmq.conf").write_text("loopback_users = none\nlog.console = false\n")
        self.port, self.names_port, distribution = free_port(), free_port(), free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("RABBITMQ_")},
            "HOME": str(self.home),
            "ERL_EPMD_PORT": str(self.names_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"crash{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_MNESIA_BASE": str(self.home / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.home / "log"),
            "RABBITMQ_CONFIG_FILE": str(self.home / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.home / "enabled_plugins"),
            "RABBITMQ_PID_FILE": str(self.home / "pid"),
            "RABBITMQ_CONF_ENV_FILE": str(self.home / "none"),
        }
        self.log = self.home / "console"
        with self.log.open("ab") as out:
            command = [str(shutil.which("epmd")), "-address", "127.0.0.1", "-port", str(self.names_port)]
            self.names = subprocess.Popen(command, env=self.environment, stdout=out, stderr=out)
        self.start()

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.node = subprocess.Popen(
                [str(self.program)], env=self.environment, cwd="/", stdout=out, stderr=out, start_new_session=True
            )
        wait_for(self.port, self.log)

    def crash_and_start(self) -> None:
        """Killed as it is; its queues and messages are on the disk."""
        self._kill()
        time.sleep(1.0)
        self.start()

    def stop(self) -> None:
        self._kill()
        self.names.kill()
        self.names.wait()

    def _kill(self) -> None:
        os.killpg(self.node.pid, signal.SIGKILL)
        self.node.wait()
