"""A headless Neovim with the documented snippet, driven over its own protocol."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pynvim

from tests.editors.desk import DOCS, TIMEOUT, Desk, Settings, surroundings

SETUP = """
local file, settings = ...
proactive = dofile(file)
proactive.setup({ settings = settings })
vim.ui.select = function(items, options, chosen)
  local titles = vim.tbl_map(options.format_item or tostring, items)
  menu = { items = items, titles = titles, chosen = chosen }
end
"""
CLIENTS = "(vim.lsp.get_clients or vim.lsp.get_active_clients)({ bufnr = vim.fn.bufnr() })"
OURS = """function(client)
  return client.name == 'proactive' and vim.lsp.buf_is_attached(0, client.id)
end"""


class Neovim(Desk):
    """One Neovim."""

    def __init__(self, program: str, home: Path, settings: Settings) -> None:
        # Neovim gives its own environment to the server.
        command = [program, "--clean", "--embed", "--headless", "-n"]
        variables = surroundings(home)
        self._nvim = pynvim.attach("child", argv=["env", "-i", *_words(variables), *command])
        found = self._nvim.exec_lua("return vim.version()")
        self.version = f"{found['major']}.{found['minor']}.{found['patch']}"
        self._nvim.exec_lua(SETUP, str(DOCS / "neovim" / "proactive.lua"), settings)

    def open(self, path: Path) -> None:
        self._nvim.command(f"drop {path}")
        self._wait(f"#vim.tbl_filter({OURS}, {CLIENTS}) > 0", "the server to be attached")

    def replace(self, path: Path, old: str, new: str) -> None:
        self.open(path)
        text = self.text(path)
        before = text[: text.index(old)]
        line, column = before.count("\n"), len(before.rpartition("\n")[2].encode())
        last = old.count("\n")
        end = len(old.rpartition("\n")[2].encode()) + (0 if last else column)
        self._nvim.api.buf_set_text(0, line, column, line + last, end, new.split("\n"))

    def save(self, *paths: Path) -> None:
        if not paths:
            self._nvim.command("silent wall")
        for path in paths:
            self.open(path)
            self._nvim.command("silent write")

    def undo(self, path: Path) -> None:
        self.open(path)
        self._nvim.command("silent undo")

    def text(self, path: Path) -> str:
        number = self._nvim.funcs.bufnr(str(path))
        if number < 0:
            return path.read_text(encoding="utf-8")
        self._nvim.funcs.bufload(number)
        return "\n".join(self._nvim.api.buf_get_lines(number, 0, -1, True)) + "\n"

    def hints(self, path: Path) -> list[str]:
        found = self._nvim.exec_lua("return vim.diagnostic.get(vim.fn.bufnr(...))", str(path))
        return [hint["message"] for hint in found if hint["source"] == "proactive"]

    def choose(
        self, path: Path, at: str, title: str, *, meanwhile: tuple[Path, str, str] | None = None
    ) -> None:
        self._go(path, at)
        self._nvim.exec_lua("menu = nil; vim.lsp.buf.code_action()")
        self._wait("menu ~= nil", "the menu")
        if meanwhile is not None:
            self.replace(*meanwhile)
            # Neovim gathers typing for 150 ms; a request from that buffer sends it at once.
            self.run("dismiss", "no such id")
            self.open(path)
        titles = self._nvim.exec_lua("return menu.titles")
        number = next((n for n, each in enumerate(titles, 1) if each.startswith(title)), None)
        if number is None:
            raise LookupError(f"no {title!r} among {titles}")
        self._nvim.exec_lua("menu.chosen(menu.items[...], ...)", number)

    def answer(self, path: Path, at: str, verb: str) -> None:
        self._go(path, at)
        self._nvim.command(f"Proactive {verb}")

    def run(self, command: str, *arguments: Any) -> Any:
        told = list(arguments)
        self._nvim.exec_lua(
            "local command, told = ...; heard = nil;"
            "proactive.run(command, told, function(result) heard = { result } end)",
            command,
            told,
        )
        self._wait("heard ~= nil", f"the answer to {command}")
        return self._nvim.exec_lua("return heard[1] ~= vim.NIL and heard[1] or nil")

    def suggestions(self) -> list[dict[str, Any]]:
        found = self._nvim.exec_lua("return vim.tbl_values(proactive.suggestions)")
        return [card for cards in found for card in cards]

    def listed(self) -> list[str]:
        self._nvim.command("Proactive list")
        items = self._nvim.funcs.getqflist()
        self._nvim.command("cclose")
        names = [Path(self._nvim.funcs.bufname(item["bufnr"])).name for item in items]
        return [
            f"{name}:{item['lnum']}: {item['text']}"
            for name, item in zip(names, items, strict=True)
        ]

    def shown(self) -> str:
        windows = self._nvim.exec_lua(
            "return vim.tbl_filter(function(window)"
            " return vim.api.nvim_win_get_config(window).relative ~= '' end,"
            " vim.api.nvim_list_wins())"
        )
        texts = [
            self._nvim.api.buf_get_lines(self._nvim.api.win_get_buf(window), 0, -1, True)
            for window in windows
        ]
        return "\n".join(line for text in texts for line in text)

    def close(self) -> None:
        # Neovim's end is the end of the channel as well.
        with suppress(OSError, EOFError):
            self._nvim.command("qall!")

    def _go(self, path: Path, at: str) -> None:
        self.open(path)
        self._nvim.command("stopinsert")
        before = self.text(path).partition(at)[0]
        self._nvim.api.win_set_cursor(
            0, (before.count("\n") + 1, len(before.rpartition("\n")[2].encode()))
        )

    def _wait(self, condition: str, what: str) -> None:
        lua = "local most = ...; return vim.wait(most, function() return %s end, 10)"
        if not self._nvim.exec_lua(lua % condition, int(TIMEOUT * 1000)):
            messages = self._nvim.command_output("messages")
            raise TimeoutError(f"waited in vain for {what}; Neovim says: {messages}")


def _words(variables: Any) -> list[str]:
    return [f"{name}={value}" for name, value in variables.items()]
