"""Where workshops are kept: a file of SQLite, or PostgreSQL by its address; what is written is never overwritten."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    insert,
    select,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from genrejs.errors import InputError
from genrejs.workshop.kept import Workshop
from genrejs.workshop.state import Action

WAIT = 10_000
"""[ms] that SQLite waits for another process's lock."""
_TABLES = MetaData()
_WORKSHOPS = Table(
    "workshops", _TABLES, Column("code", String(8), primary_key=True), Column("title", Text, nullable=False),
    Column("question", Text, nullable=False), Column("city", Text, nullable=False),
    Column("language", String(8), nullable=False), Column("keep_days", Integer, nullable=False),
    Column("created", Float, nullable=False), Column("leader", String(64), nullable=False),
)  # fmt: skip
_CODE = ForeignKey("workshops.code", ondelete="CASCADE")
_TOKENS = Table(
    "tokens", _TABLES, Column("code", String(8), _CODE, primary_key=True),
    Column("digest", String(64), primary_key=True), Column("participant", String(16), nullable=False),
)  # fmt: skip
_ACTIONS = Table(
    "actions", _TABLES, Column("code", String(8), ForeignKey("workshops.code", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True), Column("at", Float, nullable=False),
    Column("by", String(16), nullable=False), Column("kind", String(16), nullable=False),
    Column("data", Text, nullable=False),
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """To write: a new workshop."""

    workshop: Workshop

    @property
    def code(self) -> str:
        """Of the workshop."""
        return self.workshop.code


@dataclass(frozen=True)
class Add:
    """To write: an action, and for one that joins the digest of a token."""

    code: str
    action: Action
    digest: str | None = None


@dataclass(frozen=True)
class Drop:
    """To write: that a workshop is no more."""

    code: str


Write = Found | Add | Drop


@dataclass(frozen=True)
class Read:
    """A workshop as it is kept: its frame, whose tokens (by digest) are whose, its actions in order."""

    workshop: Workshop
    tokens: Mapping[str, str]
    actions: tuple[Action, ...]


class Store:
    """The database of workshops; one process writes to it at a time."""

    def __init__(self, address: str | Path) -> None:
        self._url = _url(address)
        try:
            self._engine: Engine = create_engine(self._url, pool_pre_ping=self._url.get_backend_name() != "sqlite")
            if self._url.get_backend_name() == "sqlite":
                event.listen(self._engine, "connect", _careful)
            _TABLES.create_all(self._engine)
        except (SQLAlchemyError, OSError) as error:
            place = self._url.render_as_string(hide_password=True)
            raise InputError(f"The workshops' database {place} cannot be opened: {_first(error)}.") from error

    def write(self, batch: Sequence[Write]) -> None:
        """Keep all of a batch in one transaction: when this returns, it is on the disk; when it fails, none is."""
        with self._engine.begin() as connection:
            adds: list[Add] = []
            for write in batch:
                if isinstance(write, Add):
                    adds.append(write)
                    continue
                _add(connection, adds)
                adds = []
                _frame(connection, write)
            _add(connection, adds)

    def read(self) -> list[Read]:
        """Return every workshop that is kept."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(_WORKSHOPS).order_by(_WORKSHOPS.c.created)).mappings().all()
            return [_read(connection, Workshop(**row)) for row in rows]

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _url(address: str | Path) -> URL:
    """Return the address for SQLAlchemy; a path is a file of SQLite, its folder made, readable by its owner only."""
    if isinstance(address, Path) or "://" not in address:
        path = Path(address)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600, exist_ok=True)
        except OSError as error:
            raise InputError(f"The workshops' database {path} cannot be made: {error.strerror}.") from error
        return URL.create("sqlite", database=str(path))
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise InputError("The database is no address; give postgresql://USER@HOST/NAME or a file.") from error
    if url.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite":
        return url
    raise InputError(f"The workshops' database is '{url.drivername}'; accepted are sqlite and postgresql.")


def _careful(connection: Any, _: object) -> None:
    """Make SQLite keep what it has acknowledged even when the power fails, and let readers read meanwhile."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={WAIT}"):
        connection.execute(f"PRAGMA {pragma}")


def _first(error: BaseException) -> str:
    return str(error).splitlines()[0].rstrip(".")


def _add(connection: Connection, adds: Sequence[Add]) -> None:
    tokens = [
        {"code": add.code, "digest": add.digest, "participant": add.action.by} for add in adds if add.digest is not None
    ]
    if tokens:
        connection.execute(insert(_TOKENS), tokens)
    if adds:
        connection.execute(insert(_ACTIONS), [_row(add) for add in adds])


def _row(add: Add) -> dict[str, Any]:
    # Plain ASCII, so that no database has an opinion on any character.
    action = add.action
    row = {"code": add.code, "seq": action.seq, "at": action.at, "by": action.by, "kind": action.kind}
    return {**row, "data": json.dumps(dict(action.data), allow_nan=False)}


def _frame(connection: Connection, write: Found | Drop) -> None:
    if isinstance(write, Found):
        connection.execute(insert(_WORKSHOPS), [asdict(write.workshop)])
        return
    for table in (_ACTIONS, _TOKENS, _WORKSHOPS):
        connection.execute(delete(table).where(table.c.code == write.code))


def _read(connection: Connection, workshop: Workshop) -> Read:
    tokens = connection.execute(select(_TOKENS).where(_TOKENS.c.code == workshop.code)).mappings()
    actions = connection.execute(
        select(_ACTIONS).where(_ACTIONS.c.code == workshop.code).order_by(_ACTIONS.c.seq)
    ).mappings()
    return Read(
        workshop,
        {row["digest"]: row["participant"] for row in tokens},
        tuple(Action(row["seq"], row["at"], row["by"], row["kind"], json.loads(row["data"])) for row in actions),
    )
