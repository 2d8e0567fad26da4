"""Small histories for the gym, with work in them that one edit foretells."""

from pathlib import Path

from proactive_lsp.cli import run_command_line
from tests.repositories import commit, git, repository, write

BEGUN = {
    "shop/price.py": (
        "RATE = 20\n\n\n"
        "def gross(net, rate, currency):\n"
        "    return net + net * rate / 100\n\n\n"
        "def label(net):\n"
        '    return f"{gross(net, RATE, None)} EUR"\n'
    ),
    "shop/cart.py": (
        "from shop.price import RATE, gross\n\n\n"
        "def total(items):\n"
        "    return sum(gross(item.net, RATE, item.currency) for item in items)\n\n\n"
        "def first(items):\n"
        "    return gross(items[0].net, RATE, items[0].currency)\n"
    ),
    "shop/invoice.py": (
        "from shop.price import gross\n\n\n"
        "def line(item):\n"
        "    amount = gross(item.net, 7, item.currency)\n"
        '    return f"{item.name}: {amount}"\n'
    ),
    "shop/report.py": (
        "from shop import price\n\n\n"
        "def row(item):\n"
        "    return (item.name, price.gross(item.net, price.RATE, item.currency))\n"
    ),
    "tests/test_price.py": (
        "from shop.price import gross\n\n\n"
        "def test_gross():\n"
        "    assert gross(100, 20, None) == 120\n"
    ),
    "README.md": "# Shop\n\nPrices are net.\n",
}
FEWER = {
    path: text.replace(", currency)", ")")
    .replace(", item.currency)", ")")
    .replace(", items[0].currency)", ")")
    .replace("20, None)", "20)")
    .replace("RATE, None)", "RATE)")
    for path, text in BEGUN.items()
}
RENAMED = {path: text.replace("gross", "with_tax") for path, text in FEWER.items()}


def shop(root: Path) -> Path:
    """A parameter goes, then a function is renamed, then the README grows."""
    repository(root, BEGUN)
    write(root, FEWER)
    commit(root, "Drop the currency")
    write(root, RENAMED)
    commit(root, "Say that it adds the tax")
    write(root, {"README.md": "# Shop\n\nPrices are net.\nTax is added.\n"})
    commit(root, "Tell of the tax")
    return root


def branched(root: Path) -> Path:
    """The same on a branch `work`, while `main` stands where it began."""
    shop(root)
    git(root, "branch", "work")
    git(root, "reset", "-q", "--hard", "HEAD~3")
    return root


class Line:
    """The command line, with what it said."""

    def __init__(self, capsys) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        code = run_command_line([str(each) for each in arguments])
        said = self._capsys.readouterr()
        return code, said.out, said.err
