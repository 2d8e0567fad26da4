"""An edit in a definition that has a twin."""

from proactive_lsp.needs import twin_body
from tests.check import check, needs_of

SYNC = """\
class Reader:
    def read_rows(self, limit):
        rows = self.fetch_rows(limit)
        self.count += len(rows)
        self.log(rows)
        return rows
"""
ASYNC = """\
class AsyncReader:
    async def read_rows(self, limit):
        rows = await self.fetch_rows(limit)
        self.count += len(rows)
        self.log(rows)
        return rows
"""


def test_offers_a_change_that_stands_there_word_for_word():
    check(
        twin_body,
        before={"a.py": SYNC + "\n\n" + ASYNC},
        after={"a.py": SYNC.replace("log(rows)", "log(rows, limit)") + "\n\n" + ASYNC},
        fixed={
            "a.py": (SYNC + "\n\n" + ASYNC).replace("log(rows)", "log(rows, limit)"),
        },
    )


def test_points_at_the_line_that_corresponds():
    (need,) = needs_of(
        twin_body,
        before={"a.py": SYNC + "\n\n" + ASYNC},
        after={"a.py": SYNC.replace("fetch_rows(limit)", "fetch_rows()") + "\n\n" + ASYNC},
    )
    (place,) = need.places
    assert place.before == "        rows = await self.fetch_rows(limit)"
    assert need.title == "Look at the twin `AsyncReader.read_rows`"


def test_offers_what_was_inserted_at_the_spot_that_corresponds():
    new = "        self.check(rows)\n"
    before = "        self.log(rows)\n"
    check(
        twin_body,
        before={"a.py": SYNC + "\n\n" + ASYNC.replace("\n", "\r\n")},
        after={"a.py": SYNC.replace(before, new + before) + "\n\n" + ASYNC.replace("\n", "\r\n")},
        fixed={
            "a.py": SYNC.replace(before, new + before)
            + "\n\n"
            + ASYNC.replace(before, new + before).replace("\n", "\r\n")
        },
    )


def test_finds_a_twin_of_another_name_in_the_same_file():
    other = SYNC.replace("read_rows", "peek_rows").replace("Reader", "Peeker")
    check(
        twin_body,
        before={"a.py": SYNC + "\n\n" + other},
        after={"a.py": SYNC.replace("log(rows)", "log(rows, limit)") + "\n\n" + other},
        fixed={"a.py": (SYNC + "\n\n" + other).replace("log(rows)", "log(rows, limit)")},
    )


def test_leaves_alone_what_has_only_the_name_in_common():
    other = (
        "class Other:\n    def read_rows(self, what):\n        a = 1\n        b = 2\n        c()\n"
    )
    check(
        twin_body,
        before={"a.py": SYNC + "\n\n" + other},
        after={"a.py": SYNC.replace("log(rows)", "log(rows, limit)") + "\n\n" + other},
        fixed=None,
    )


def test_leaves_alone_a_twin_that_is_as_it_should_be():
    done = SYNC.replace("log(rows)", "log(rows, limit)")
    check(
        twin_body,
        before={"a.py": SYNC + "\n\n" + ASYNC.replace("log(rows)", "log(rows, limit)")},
        after={"a.py": done + "\n\n" + ASYNC.replace("log(rows)", "log(rows, limit)")},
        fixed=None,
    )


def test_leaves_alone_what_was_edited_there():
    check(
        twin_body,
        before={"a.py": SYNC + "\n\n" + ASYNC},
        after=[
            {"a.py": SYNC + "\n\n" + ASYNC.replace("log(rows)", "log(limit)")},
            {
                "a.py": SYNC.replace("log(rows)", "log(limit)")
                + "\n\n"
                + ASYNC.replace("log(rows)", "log(limit)")
            },
        ],
        fixed=None,
    )


def test_a_new_function_owes_nothing_to_its_twin():
    check(twin_body, before={"a.py": ASYNC}, after={"a.py": ASYNC + "\n\n" + SYNC}, fixed=None)


def test_copes_with_half_typed_code():
    needs_of(
        twin_body,
        before={"a.py": SYNC + "\n\n" + ASYNC},
        after={"a.py": SYNC.replace("log(rows)", "log(rows") + "\n\n" + ASYNC},
    )


def test_finds_the_twin_of_its_name_in_another_file():
    new = SYNC.replace("log(rows)", "log(rows, limit)")
    check(
        twin_body,
        before={"a.py": SYNC, "b.py": ASYNC, "c.py": "read_rows(3)\n"},
        after={"a.py": new},
        fixed={"b.py": ASYNC.replace("log(rows)", "log(rows, limit)")},
    )


def test_only_points_where_the_line_was_replaced_by_something_else():
    (need,) = needs_of(
        twin_body,
        before={"a.py": SYNC, "b.py": ASYNC},
        after={"a.py": SYNC.replace("self.log(rows)", "del other[0]")},
    )
    assert [place.after for place in need.places] == [None]
