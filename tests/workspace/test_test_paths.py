"""Where tests are, by how the others are named."""

import pytest

from proactive_lsp.workspace import test_paths


@pytest.mark.parametrize(
    ("paths", "source", "wanted"),
    [
        (("src/a.py", "tests/test_a.py"), "src/b.py", "tests/test_b.py"),
        (("src/shop/a.py", "tests/test_a.py"), "src/shop/b.py", "tests/test_b.py"),
        (("src/shop/a.py", "tests/shop/test_a.py"), "src/till/b.py", "tests/till/test_b.py"),
        (("shop/x/a.py", "tests/x/test_a.py"), "shop/y/b.py", "tests/y/test_b.py"),
        (("pkg/a.go", "pkg/a_test.go"), "other/b.go", "other/b_test.go"),
        (("src/a.ts", "src/a.test.ts"), "src/x/b.ts", "src/x/b.test.ts"),
        (("src/a.js", "src/__tests__/a.js"), "src/b.js", "src/__tests__/b.js"),
        (("src/a.tsx", "src/a.spec.tsx"), "src/b.tsx", "src/b.spec.tsx"),
        (
            ("src/main/java/x/A.java", "src/test/java/x/ATest.java"),
            *("src/main/java/x/B.java", "src/test/java/x/BTest.java"),
        ),
        (("src/a.py", "tests/test_a.py", "tests/test_b.py"), "src/b.py", None),
        (("src/a.py", "tests/test_c.py"), "src/b.py", None),
        (("src/a.py", "tests/test_a.py"), "src/b.js", None),
        ((), "b.py", None),
        ((), "README", None),
    ],
)
def test_a_new_one_goes_where_the_others_are(paths, source, wanted):
    assert test_paths.new_test_path(paths, source) == wanted


def test_those_named_after_a_source_come_nearest_first():
    paths = ("a/tests/test_x.py", "b/tests/test_x.py", "b/tests/test_y.py", "b/x.py")
    found = test_paths.tests_named_after(paths, "b/x.py")
    assert found == ("b/tests/test_x.py", "a/tests/test_x.py")
