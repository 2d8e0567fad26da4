"""The cache of what was computed from texts, and its bound."""

from proactive_lsp.workspace.cache import TextCache


def test_computes_a_text_of_a_kind_once():
    asked: list[str] = []
    cache: TextCache[int] = TextCache(10_000)

    def length(kind: str, text: str) -> int:
        return cache.get(kind, text, lambda: asked.append(kind + text) or len(text))

    assert [length("a", "xy"), length("b", "xy"), length("a", "xy")] == [2, 2, 2]
    assert asked == ["axy", "bxy"]


def test_forgets_first_what_was_not_used_for_longest():
    asked: list[str] = []
    cache: TextCache[str] = TextCache(1_000)

    def same(letter: str) -> str:
        return cache.get("", letter * 300, lambda: asked.append(letter) or letter)

    for letter in "abacab":
        assert same(letter) == letter
    assert asked == ["a", "b", "c", "b"]


def test_keeps_the_last_text_however_large():
    cache: TextCache[int] = TextCache(10)
    values = [cache.get("", "x" * 1_000, lambda value=value: value) for value in (1, 2)]
    assert values == [1, 1]
