"""What models answer and filters say, for tests of what is asked."""

from proactive_lsp.suggestions import Judgement, Silence, Task

FILES = {"shop.py": "def area(r):\n    return 3 * r\n\n\ndef twice(r):\n    return 2 * r\n"}
NOTHING = {
    "purpose": "",
    "help_wanted": False,
    "kind": "other",
    "task": "",
    "path": "",
    "quoted_line": "",
    "why": "",
}
GOOD = NOTHING | {
    "help_wanted": True,
    "task": "Use pi",
    "path": "shop.py",
    "quoted_line": "    return 3 * r",
    "why": "3 is not pi",
}
OTHER = GOOD | {"task": "Use a shift", "quoted_line": "    return 2 * r"}
BELOW = Silence("below-threshold", "probability 0.10 is below 0.83")


def verdicts(*silences):
    """A filter that says these one after the other, and remembers what it was asked."""
    seen: list[Task] = []
    queue = iter(silences)

    def judge(task):
        seen.append(task)
        return Judgement(task, 0.7, 0.8, next(queue), (("prior", 1.0),), (0.7,))

    return judge, seen


def purposes(history):
    return [request.purpose for request in history]
