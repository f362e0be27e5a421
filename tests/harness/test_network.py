import socket

import pytest
from pytest_socket import SocketConnectBlockedError


def test_no_test_connects_to_another_machine() -> None:
    with socket.socket() as outside, pytest.raises(SocketConnectBlockedError):
        outside.connect(("192.0.2.1", 80))


def test_no_test_looks_up_a_name() -> None:
    with pytest.raises(socket.gaierror, match="tests look up no name"):
        socket.create_connection(("recherche-entreprises.example", 443), timeout=1)


def test_this_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()
