"""Tests reach no other machine, by whichever library they try."""

from __future__ import annotations

import socket
import urllib.request

import httpx
import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("10.0.0.1", 80), ("2001:db8::1", 80)])
def test_connection_to_another_machine_is_refused(address: tuple[str, int]) -> None:
    with pytest.raises(AssertionError, match=r"a test tried to (reach|look up)"):
        socket.create_connection(address, timeout=1)


def test_looking_up_a_name_is_refused() -> None:
    with pytest.raises(AssertionError, match=r"look up 'hall\.example'"):
        socket.getaddrinfo("hall.example", 443)
    with pytest.raises(AssertionError, match="look up"):
        urllib.request.urlopen("http://hall.example/", timeout=1)
    with pytest.raises(AssertionError, match="look up"):
        httpx.get("http://hall.example/", timeout=1)


def test_connection_to_this_machine_is_let_through() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        for host in ("127.0.0.1", "localhost"):
            socket.create_connection((host, server.getsockname()[1]), timeout=5).close()
