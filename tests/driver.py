"""A small editor that drives the real server process: for stories, and to record scenarios.

It keeps its own buffers, sends what an editor would send, and applies the edits it is given as an
editor does. Everything that waits does so for a condition, at most 10 seconds.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Union

from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.protocol import JsonRPCNotification, default_converter
from pygls.uris import to_fs_path

from proactive_lsp.events import Change
from proactive_lsp.server.convert import our_range
from proactive_lsp.workspace.documents import apply_changes, position_of, split_lines
from tests.abilities import capabilities
from tests.repositories import commit, git, repository, write

__all__ = ["Editor", "capabilities", "commit", "git", "repository", "write"]

SERVE = (sys.executable, "-m", "proactive_lsp", "serve")
TIMEOUT = 10.0


class Buffer:
    """An open document as the editor holds it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.version = 1


class Editor:
    """One client and its server process. Use it as `async with Editor(root) as editor`."""

    def __init__(
        self,
        *roots: Path,
        can: types.ClientCapabilities | None = None,
        options: Mapping[str, Any] | None = None,
        record: Path | None = None,
        env: Mapping[str, str] | None = None,
        command: Sequence[str] = SERVE,
    ) -> None:
        self.roots = roots
        self.buffers: dict[Path, Buffer] = {}
        self.hints: dict[str, Sequence[types.Diagnostic]] = {}
        self.hint_versions: dict[str, int | None] = {}
        self.suggestions: list[dict[str, Any]] = []
        self.statuses: list[dict[str, Any]] = []
        self.messages: list[str] = []
        self.registrations: list[types.Registration] = []
        # What it answers when it is asked for our settings, and for those of a folder, by its URI.
        self.settings: Any = None
        self.settings_of: dict[str, Any] = {}
        self.button: str | None = None
        self.asked: list[types.ShowMessageRequestParams] = []
        self.looked_at: list[types.ShowDocumentParams] = []
        self.publications = 0
        # What long work told of itself, oldest first, and the token of the newest.
        self.progress: list[dict[str, Any]] = []
        self.token: types.ProgressToken | None = None
        self.written: list[dict[str, Any]] = []
        # The edits that the server asked to apply, and what becomes of them: applied, with what
        # needs confirmation if `ticks`, or refused.
        self.asked_to_apply: list[types.WorkspaceEdit] = []
        self.applies, self.ticks = True, False
        self._can = can or capabilities()
        # Whatever model runs on this machine is none of a test's business.
        self._options = {"agent": {"enabled": False}, **(options or {})}
        self._command = [*command, *(["--record", str(record)] if record is not None else [])]
        self._env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **(env or {})}
        self._pulse = asyncio.Event()
        self.client = LanguageClient("driver", "1", converter_factory=_converter)
        self._listen()

    # Life.

    async def __aenter__(self) -> "Editor":
        await self.client.start_io(*self._command, env=self._env)
        folders = [types.WorkspaceFolder(root.as_uri(), root.name) for root in self.roots]
        self.initialized = await self.client.initialize_async(
            types.InitializeParams(
                capabilities=self._can,
                process_id=os.getpid(),
                client_info=types.ClientInfo("driver", "1"),
                workspace_folders=folders or None,
                initialization_options=self._options,
            )
        )
        self.client.initialized(types.InitializedParams())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Shut the server down in order; nothing when it is gone already."""
        server = self.process
        if server.returncode is None:
            await asyncio.wait_for(self.client.shutdown_async(None), TIMEOUT)
            self.client.exit(None)
        await asyncio.wait_for(self.client.stop(), TIMEOUT)

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The server's process."""
        server = self.client._server
        assert server is not None
        return server

    async def ready(self) -> None:
        """Wait until the worker has taken in, and looked at, everything sent so far.

        A command may interrupt a look, which then starts again; after three times it no longer
        lets itself be interrupted, so the fifth answer comes after it.
        """
        for _ in range(5):
            await self.run_command("proactive.server.dismiss", "no such id")

    # What a user does.

    def open(self, path: Path, text: str | None = None, language: str | None = None) -> Buffer:
        """Open a file, with its text on disk unless another is given."""
        buffer = Buffer(path.read_text(encoding="utf-8") if text is None else text)
        self.buffers[path] = buffer
        if language is None:
            language = "python" if path.suffix == ".py" else "plaintext"
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(
                types.TextDocumentItem(path.as_uri(), language, buffer.version, buffer.text)
            )
        )
        return buffer

    def close(self, path: Path) -> None:
        """Close a file; unsaved text is gone."""
        del self.buffers[path]
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(path.as_uri()))
        )

    def change(self, path: Path, *changes: types.TextDocumentContentChangeEvent) -> None:
        """Change a buffer as one version."""
        buffer = self.buffers[path]
        for change in changes:
            whole = isinstance(change, types.TextDocumentContentChangeWholeDocument)
            range = None if whole else our_range(change.range)
            buffer.text = apply_changes(buffer.text, [Change(range, change.text)])
        buffer.version += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(uri=path.as_uri(), version=buffer.version),
                list(changes),
            )
        )

    def replace(self, path: Path, old: str, new: str, *, nth: int = 0) -> None:
        """Replace the nth occurrence of a text in one change."""
        self.change(path, types.TextDocumentContentChangePartial(self.find(path, old, nth), new))

    def type_text(self, path: Path, after: str, text: str) -> None:
        """Type a text behind another one, one keystroke at a time."""
        at = self.find(path, after).end
        for key in text:
            self.change(path, types.TextDocumentContentChangePartial(types.Range(at, at), key))
            if key == "\n":
                at = types.Position(at.line + 1, 0)
            else:
                at = types.Position(at.line, at.character + len(key.encode("utf-16-le")) // 2)

    def save(self, path: Path) -> None:
        """Write a buffer to disk and tell."""
        path.write_text(self.buffers[path].text, encoding="utf-8", newline="")
        self.client.text_document_did_save(
            types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(path.as_uri()))
        )

    def find(self, path: Path, text: str, nth: int = 0) -> types.Range:
        """Where the nth occurrence of a text is in a buffer."""
        whole = self.buffers[path].text
        start = -1
        for _ in range(nth + 1):
            start = whole.index(text, start + 1)
        lines = split_lines(whole)

        def position(offset: int) -> types.Position:
            for number, line in enumerate(lines):
                if offset < len(line) or number == len(lines) - 1:
                    found = position_of(lines, number, offset)
                    return types.Position(found.line, found.character)
                offset -= len(line)
            raise AssertionError(offset)

        return types.Range(position(start), position(start + len(text)))

    # What is asked of the server.

    async def actions(
        self,
        path: Path,
        range: types.Range,
        *,
        invoked: bool = True,
        only: Sequence[str] | None = None,
    ) -> list[types.CodeAction | types.Command]:
        """Our code actions at a range."""
        kinds = types.CodeActionTriggerKind
        context = types.CodeActionContext(
            diagnostics=list(self.hints.get(path.as_uri(), ())),
            only=only,
            trigger_kind=kinds.Invoked if invoked else kinds.Automatic,
        )
        params = types.CodeActionParams(types.TextDocumentIdentifier(path.as_uri()), range, context)
        return list(await self._answered(self.client.text_document_code_action_async(params)) or ())

    async def resolve(self, action: types.CodeAction) -> types.CodeAction:
        """The action with its edit."""
        return await self._answered(self.client.code_action_resolve_async(action))

    async def run(self, action: types.CodeAction | types.Command) -> Any:
        """Run the command of an action, as an editor does after applying its edit."""
        command = action if isinstance(action, types.Command) else action.command
        assert command is not None
        return await self.run_command(command.command, *(command.arguments or ()))

    async def accept(self, action: types.CodeAction) -> None:
        """Resolve if needed, apply, then run the command."""
        if action.edit is None:
            action = await self.resolve(action)
        assert action.edit is not None
        self.apply(action.edit)
        await self.run(action)

    async def run_command(self, command: str, *arguments: Any) -> Any:
        """Execute a server command; its result."""
        params = types.ExecuteCommandParams(command, list(arguments))
        return await self._answered(self.client.workspace_execute_command_async(params))

    def apply(self, edit: types.WorkspaceEdit, *, unsure: bool = False) -> None:
        """Apply an edit to the buffers, and to disk for files that are not open.

        Edits that need confirmation are left out unless `unsure` ticks them.
        """
        asked = {
            id for id, note in (edit.change_annotations or {}).items() if note.needs_confirmation
        }
        new = {
            change.uri: change
            for change in edit.document_changes or ()
            if isinstance(change, types.CreateFile)
        }
        for uri, version, edits in _files(edit):
            path = Path(to_fs_path(uri) or "")
            if uri in new and (unsure or new[uri].annotation_id not in asked):
                assert not path.exists(), "a file that is there already"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("")
            elif uri in new:
                continue
            wanted = [
                one for one in edits if unsure or getattr(one, "annotation_id", None) not in asked
            ]
            buffer = self.buffers.get(path)
            # From the end on, so that each range is still true when its turn comes.
            wanted.sort(key=lambda one: (one.range.start.line, one.range.start.character))
            changes = [
                types.TextDocumentContentChangePartial(one.range, one.new_text)
                for one in reversed(wanted)
            ]
            if buffer is not None:
                assert version in (None, buffer.version), "an edit for another version"
                if changes:
                    self.change(path, *changes)
                continue
            text = path.read_text(encoding="utf-8")
            ours = [Change(our_range(change.range), change.text) for change in changes]
            path.write_text(apply_changes(text, ours), encoding="utf-8", newline="")

    def cancel_progress(self) -> None:
        """Press the button of the newest progress."""
        assert self.token is not None
        params = types.WorkDoneProgressCancelParams(self.token)
        self.client.window_work_done_progress_cancel(params)

    def tell(self, method: str, params: Mapping[str, Any]) -> None:
        """Send a notification of ours."""
        self.client.protocol.notify(method, dict(params))

    def watched(self, *changes: tuple[Path, types.FileChangeType]) -> None:
        """Tell what a watcher saw."""
        events = [types.FileEvent(path.as_uri(), kind) for path, kind in changes]
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))

    # What is waited for.

    async def until(self, condition: Callable[[], Any], what: str = "") -> Any:
        """Wait until a condition holds, looking after each message and now and then."""
        end = asyncio.get_running_loop().time() + TIMEOUT
        while not (found := condition()):
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                raise TimeoutError(f"waited in vain for {what or condition}; hints: {self.hints}")
            self._pulse.clear()
            try:
                await asyncio.wait_for(self._pulse.wait(), min(left, 0.05))
            except TimeoutError:
                continue
        return found

    def hints_of(self, path: Path) -> Sequence[types.Diagnostic]:
        """The hints of a file as published last."""
        return self.hints.get(path.as_uri(), ())

    async def wait_for_hint(self, path: Path, need: str | None = None) -> types.Diagnostic:
        """The first hint of a file, once there is one."""

        def first() -> types.Diagnostic | None:
            hints = self.hints_of(path)
            return next((hint for hint in hints if need is None or hint.code == need), None)

        return await self.until(first, f"a hint in {path.name}")

    async def wait_for_no_hint(self, path: Path) -> None:
        """Until a file has no hint any more."""
        await self.until(lambda: not self.hints_of(path), f"no hint in {path.name}")

    async def wait_for_reason(self, word: str) -> str:
        """Until a reason for silence has this word in it; all the reasons, as Markdown."""
        for _ in range(200):
            reasons = await self.run_command("proactive.server.explain", None)
            if word in reasons:
                return reasons
            await asyncio.sleep(TIMEOUT / 200)
        raise TimeoutError(f"waited in vain for {word!r} among: {reasons}")

    # Inside.

    async def _answered(self, answer: Any) -> Any:
        return await asyncio.wait_for(answer, TIMEOUT)

    def _listen(self) -> None:
        def on(method: str) -> Callable[[Callable[[Any], Any]], None]:
            def register(handler: Callable[[Any], Any]) -> None:
                def handle(params: Any) -> Any:
                    self._pulse.set()
                    return handler(params)

                self.client.feature(method)(handle)

            return register

        @on(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.hints[params.uri] = params.diagnostics
            self.hint_versions[params.uri] = params.version
            self.publications += 1

        @on("proactive/suggestions")
        def suggested(params: dict[str, Any]) -> None:
            self.suggestions = params["suggestions"]

        @on("proactive/status")
        def status(params: dict[str, Any]) -> None:
            self.statuses.append(params)

        @on(types.WINDOW_SHOW_MESSAGE)
        def shown(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)

        @on(types.WINDOW_SHOW_DOCUMENT)
        def looked(params: types.ShowDocumentParams) -> types.ShowDocumentResult:
            self.looked_at.append(params)
            return types.ShowDocumentResult(success=True)

        @on(types.WINDOW_SHOW_MESSAGE_REQUEST)
        def asked(params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
            self.asked.append(params)
            return types.MessageActionItem(self.button) if self.button is not None else None

        @on(types.CLIENT_REGISTER_CAPABILITY)
        def register(params: types.RegistrationParams) -> None:
            self.registrations += params.registrations

        @on(types.WORKSPACE_CONFIGURATION)
        def configuration(params: types.ConfigurationParams) -> list[Any]:
            return [
                self.settings_of.get(item.scope_uri or "", self.settings) for item in params.items
            ]

        @on(types.WORKSPACE_APPLY_EDIT)
        def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            self.asked_to_apply.append(params.edit)
            if self.applies:
                self.apply(params.edit, unsure=self.ticks)
            return types.ApplyWorkspaceEditResult(applied=self.applies)

        @on(types.WINDOW_WORK_DONE_PROGRESS_CREATE)
        def created(params: types.WorkDoneProgressCreateParams) -> None:
            self.token = params.token

        @on(types.PROGRESS)
        def progressed(params: types.ProgressParams) -> None:
            self.progress.append(params.value)

        @on("proactive/written")
        def written(params: dict[str, Any]) -> None:
            self.written.append(params)


def _files(
    edit: types.WorkspaceEdit,
) -> list[tuple[str, int | None, list[types.TextEdit | types.AnnotatedTextEdit]]]:
    if edit.document_changes is None:
        return [(uri, None, list(edits)) for uri, edits in (edit.changes or {}).items()]
    found: list[tuple[str, int | None, list[Any]]] = []
    for change in edit.document_changes:
        if isinstance(change, types.CreateFile):
            continue
        assert isinstance(change, types.TextDocumentEdit), "only texts are changed"
        found.append((change.text_document.uri, change.text_document.version, list(change.edits)))
    return found


def _converter() -> Any:
    """pygls' converter, with two corrections: actions that have a command, and plain params."""
    converter = default_converter()

    def action(value: dict[str, Any], _: Any) -> types.CodeAction | types.Command:
        kind = types.Command if isinstance(value.get("command"), str) else types.CodeAction
        return converter.structure(value, kind)

    # The key must be the very object that lsprotocol uses, which `X | Y` is not.
    converter.register_structure_hook(Union[types.Command, types.CodeAction], action)  # noqa: UP007
    converter.register_structure_hook(
        JsonRPCNotification,
        lambda value, kind: kind(value["method"], value["jsonrpc"], value.get("params")),
    )
    return converter
