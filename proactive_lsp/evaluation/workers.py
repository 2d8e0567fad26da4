"""Do the same work on many items and give the results in order: here, in processes, on a cluster.

The work and its items travel to other processes, so both must be importable by name and small.
Whoever works on a cluster sees the same paths: its workers share a file system with us.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from proactive_lsp import __version__
from proactive_lsp.evaluation.errors import EvaluationError

if TYPE_CHECKING:
    from distributed import Client

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_CONNECT_SECONDS = 10


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
        # Two items that are equal are still two sessions to live through.
        futures = client.map(work, items, pure=False)
        try:
            for number, future in enumerate(futures):
                yield _result(future)
                future.release()
                futures[number] = None
        finally:
            client.cancel([future for future in futures if future is not None])
    finally:
        client.close()


def _connected(address: str) -> "Client":
    try:
        from distributed import Client
    except ImportError as error:
        raise EvaluationError(
            "--cluster needs Dask; install it with: pip install 'proactive-lsp[cluster]'"
        ) from error
    try:
        return Client(address, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError, TypeError) as error:
        advice = "give what `dask scheduler` prints, such as tcp://host:8786"
        raise EvaluationError(
            f"--cluster {address}: no Dask scheduler answers; {advice}"
        ) from error


def _check_versions(client: "Client", address: str) -> None:
    """Workers of another version would give other results."""
    from distributed.comm.core import CommClosedError

    try:
        found = client.run(version)
    except (ImportError, AttributeError, OSError, CommClosedError) as error:
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


def _result(future: "object") -> "object":
    from distributed import CancelledError, KilledWorker

    try:
        return future.result()
    except (KilledWorker, CancelledError) as error:
        raise EvaluationError("a worker of the cluster died; see its log") from error
