"""Do the same work on many items and give the results in order: here, in processes, on a cluster.

The work and its items travel to other processes, so both must be importable by name and small.
Whoever works on a cluster sees the same paths: its workers share a file system with us.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Protocol, TypeVar, cast

from msgspec import Struct

from proactive_lsp import __version__
from proactive_lsp.evaluation.errors import EvaluationError

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_Made = TypeVar("_Made", covariant=True)
_CONNECT_SECONDS = 10


class _Future(Protocol[_Made]):
    """What is used of Dask's futures, which has types for none of it."""

    def result(self) -> _Made: ...

    def release(self) -> None: ...


class _Client(Protocol):
    """What is used of its client."""

    def map(
        self, work: Callable[[_Item], _Result], items: Sequence[_Item], *, pure: bool
    ) -> Sequence[_Future[_Result]]: ...

    def run(self, function: Callable[[], str]) -> Mapping[str, str]: ...

    def cancel(self, futures: Sequence[_Future[object]]) -> None: ...

    def close(self) -> None: ...


class Workers(Struct, frozen=True):
    """Who works: so many processes of this machine, or a Dask cluster at an address."""

    jobs: int = 1
    cluster: str | None = None


def in_order(
    work: Callable[[_Item], _Result], items: Sequence[_Item], workers: Workers
) -> Iterator[_Result]:
    """The results in the order of the items, whoever works; raises `EvaluationError`."""
    if workers.cluster is not None:
        yield from _on_cluster(work, items, workers.cluster)
        return
    if workers.jobs == 1 or len(items) <= 1:
        yield from map(work, items)
        return
    # Not forked: a fresh process shares no state, so its result cannot depend on ours.
    context = get_context("spawn")
    with ProcessPoolExecutor(min(workers.jobs, len(items)), mp_context=context) as pool:
        try:
            yield from pool.map(work, items)
        except BrokenProcessPool as error:
            raise EvaluationError("a worker process died; try again with --jobs 1") from error
        finally:
            pool.shutdown(cancel_futures=True)


def _on_cluster(
    work: Callable[[_Item], _Result], items: Sequence[_Item], address: str
) -> Iterator[_Result]:
    client = _connected(address)
    try:
        _check_versions(client, address)
        # Two items that are equal are still two pieces of work.
        futures = deque(client.map(work, items, pure=False))
        try:
            while futures:
                yield _result(futures[0])
                futures.popleft().release()
        finally:
            client.cancel(list(futures))
    finally:
        client.close()


def _connected(address: str) -> _Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise EvaluationError(
            "--cluster needs Dask; install it with: pip install 'proactive-lsp[cluster]'"
        ) from error
    try:
        return cast("_Client", Client(address, timeout=_CONNECT_SECONDS))
    except (OSError, ValueError, TypeError) as error:
        advice = "no Dask scheduler answers; give what `dask scheduler` prints, as tcp://host:8786"
        raise EvaluationError(f"--cluster {address}: {advice}") from error


def _check_versions(client: _Client, address: str) -> None:
    """Workers of another version would give other results."""
    try:
        found = client.run(version)
    except (ImportError, AttributeError, OSError) as error:
        reason = "its workers cannot import proactive-lsp; install it there"
        raise EvaluationError(f"--cluster {address}: {reason}") from error
    if not found:
        raise EvaluationError(f"--cluster {address}: it has no workers; start `dask worker`")
    others = sorted(set(found.values()) - {__version__})
    if others:
        reason = f"its workers have proactive-lsp {others[0]}, here it is {__version__}"
        raise EvaluationError(f"--cluster {address}: {reason}")


def version() -> str:
    """What is asked of each worker."""
    return __version__


def _result(future: _Future[_Result]) -> _Result:
    from distributed import CancelledError, KilledWorker

    try:
        return future.result()
    except (KilledWorker, CancelledError) as error:
        raise EvaluationError("a worker of the cluster died; see its log") from error
