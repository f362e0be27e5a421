"""Pennylane, as its documentation tells it: companies, fiscal years, exports that take their time, links that die."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.cabinet.connectors.server import Answer, Asked, Server, said
from tests.cabinet.files import make_fec

TOKEN = "jeton-SENTINELLE-pennylane-7f3a"


@dataclass
class FakePennylane:
    """``polls``: how many times an export is still pending; ``dead_links``: how many links have died when they come."""

    server: Server
    files: Server
    companies: list[dict[str, Any]] = field(default_factory=list)
    fec: bytes = field(default_factory=make_fec)
    polls: int = 1
    dead_links: int = 0
    status: str = "ready"
    page_size: int = 1000
    exports: int = 0
    pending: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.routes = {"GET /companies": self._companies}
        self.files.routes = {"GET /fec": self._file}

    def add(self, ref: int, name: str, siren: str, code: str | None = None) -> None:
        """A company with the year 2025."""
        self.companies.append({"id": ref, "name": name, "siren": siren, "client_code": code, "external_id": None})
        base = f"/companies/{ref}"
        self.server.routes[f"GET {base}/fiscal_years"] = lambda asked: self._page(
            asked,
            [
                {"id": 9001, "start": "2025-01-01", "finish": "2025-12-31", "status": "closed"},
                {"id": 9002, "start": "2026-01-01", "finish": "2026-12-31", "status": "open"},
            ],
        )
        self.server.routes[f"POST {base}/exports/fecs"] = lambda asked: self._export(asked, base)

    def _authorised(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == f"Bearer {TOKEN}"

    def _page(self, asked: Asked, rows: list[dict[str, Any]]) -> Answer:
        if not self._authorised(asked):
            return said({"error": f"token {asked.headers.get('authorization')} is invalid", "status": 401}, 401)
        size = min(int(asked.query["per_page"]), self.page_size)
        page = int(asked.query["page"])
        return said(
            {
                "items": rows[(page - 1) * size : page * size],
                "total_pages": max(1, -(-len(rows) // size)),
                "current_page": page,
                "total_items": len(rows),
                "per_page": size,
            }
        )

    def _companies(self, asked: Asked) -> Answer:
        return self._page(asked, self.companies)

    def _export(self, asked: Asked, base: str) -> Answer:
        if not self._authorised(asked):
            return said({"error": "unauthorized", "status": 401}, 401)
        assert set(asked.document) == {"period_start", "period_end"}
        self.exports += 1
        ref = str(771_000 + self.exports)
        self.pending[ref] = self.polls
        year = asked.document["period_end"][:4]
        self.server.routes[f"GET {base}/exports/fecs/{ref}"] = lambda _: self._state(ref, year)
        return said({"id": int(ref), "status": "pending"}, 201)

    def _state(self, ref: str, year: str) -> Answer:
        if self.pending[ref] > 0:
            self.pending[ref] -= 1
            return said({"id": int(ref), "status": "pending", "file_url": None})
        return said(
            {"id": int(ref), "status": self.status, "file_url": f"{self.files.url}/fec?year={year}&sig=SENTINELLE-lien"}
        )

    def _file(self, asked: Asked) -> Answer:
        if self.dead_links:
            self.dead_links -= 1
            return Answer(b"expired", 403)
        fec = self.fec.replace(b"2025", b"2026") if asked.query.get("year") == "2026" else self.fec
        return Answer(fec, headers={"Content-Type": "text/plain"})


def secrets() -> Mapping[str, str]:
    """What a firm types."""
    return {"token": TOKEN, "expires_on": "2027-06-30"}
