"""One server for most tests; a test fails when the server is gone after it."""

from collections.abc import Iterator

import pytest

from tests.model.serving import Served, serving


@pytest.fixture(scope="session")
def running() -> Iterator[Served]:
    """The server that tests share; none of them may end it."""
    with serving() as served:
        yield served


@pytest.fixture
def served(running: Served) -> Iterator[Served]:
    """The shared server, alive before the test and after it."""
    assert running.alive, "the model server died in an earlier test"
    yield running
    assert running.alive, "the model server died during this test"
