"""The only place that knows Dask: the same function over many items, here or on a cluster, in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

Item = TypeVar("Item")
Out = TypeVar("Out")
Shared = TypeVar("Shared")


def each(function: Callable[[Item], Out], items: Sequence[Item], client: Any = None) -> Iterator[tuple[Item, Out]]:
    """Yield every item with ``function(item)``; in order, in this process without a `client`."""
    if client is None:
        for item in items:
            yield item, function(item)
        return
    futures = [client.submit(function, client.scatter(item, hash=False), pure=False) for item in items]
    for item, future in zip(items, futures, strict=True):
        yield item, future.result()
        future.release()


def each_with(
    shared: Shared, function: Callable[[Shared, Item], Out], items: Sequence[Item], client: Any = None
) -> Iterator[tuple[Item, Out]]:
    """Yield every item with ``function(shared, item)``; what is shared is sent to every worker once."""
    if client is None:
        for item in items:
            yield item, function(shared, item)
        return
    held = client.scatter(shared, broadcast=True, hash=False)
    futures = [client.submit(function, held, item, pure=False) for item in items]
    for item, future in zip(items, futures, strict=True):
        yield item, future.result()
        future.release()


def connect(address: str) -> AbstractContextManager[Any]:
    """Return a Dask client of the scheduler at `address`."""
    from distributed import Client  # noqa: PLC0415 slow to import, needed by few

    client: AbstractContextManager[Any] = Client(address)  # type: ignore[no-untyped-call]
    return client


def local(workers: int) -> AbstractContextManager[Any]:
    """Return a Dask client of `workers` processes with one thread each on this machine."""
    from distributed import Client  # noqa: PLC0415 slow to import, needed by few

    client: AbstractContextManager[Any] = Client(  # type: ignore[no-untyped-call]
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        memory_limit=None,
        dashboard_address=None,
        # Without a dashboard Dask still opens port 8787: any free one, so that two runs may go side by side.
        scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
    )
    return client
