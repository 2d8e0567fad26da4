"""A real Emacs, as a daemon, with the documented snippet; driven by `emacsclient --eval`."""

import base64
import json
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.editors.desk import DOCS, TIMEOUT, Desk, Settings, surroundings

SETUP = """
(progn
  (load {snippet} nil t)
  (setq proactive-settings (json-parse-string {settings} :object-type 'plist
                                              :array-type 'array :false-object :json-false)
        make-backup-files nil auto-save-default nil create-lockfiles nil)
  (add-hook 'prog-mode-hook #'eglot-ensure)
  (defvar test-title "")
  (defvar test-meanwhile nil)
  (defvar test-titles nil)
  ;; The answers of a user to the two questions that Emacs asks.
  (defun test-read (_prompt menu &rest _)
    (when test-meanwhile (funcall test-meanwhile))
    (setq test-titles (mapcar (lambda (each) (if (consp each) (car each) each)) menu))
    (or (seq-find (lambda (each) (string-prefix-p test-title each)) test-titles)
        (error "no such action")))
  (setq completing-read-function #'test-read)
  (advice-add 'y-or-n-p :override #'always)
  emacs-version)
"""


class Emacs(Desk):
    """One Emacs."""

    def __init__(self, program: str, home: Path, settings: Settings) -> None:
        self._env, self._socket = surroundings(home), "stories"
        command = [program, "-q", "--no-splash", f"--fg-daemon={self._socket}"]
        self._log = home / "emacs.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(command, env=self._env, stdout=log, stderr=log)
        self._client = (
            str(Path(program).with_name("emacsclient")) if "/" in program else "emacsclient"
        )
        end = time.monotonic() + TIMEOUT
        while self._call("(require 'json)").returncode:
            assert time.monotonic() < end, self._log.read_text()
            time.sleep(0.02)
        snippet = _lisp(str(DOCS / "emacs" / "proactive.el"))
        setup = SETUP.format(snippet=snippet, settings=_lisp(json.dumps(settings)))
        try:
            self.version = self._eval(setup)
        except RuntimeError:
            self._process.kill()
            raise

    def open(self, path: Path) -> None:
        # In a daemon nobody presses a key, after which eglot connects.
        self._eval(f"(progn (find-file {_lisp(path)}) (run-hooks 'post-command-hook) t)")
        self.until(lambda: self._in(path, "(and (eglot-current-server) t)"), "eglot to connect")
        # Nor is a window drawn, which flymake waits for.
        self._in(path, "(progn (flymake-start) t)")

    def replace(self, path: Path, old: str, new: str) -> None:
        found = f"(search-forward {_lisp(old)})"
        change = f"(let ((case-fold-search nil)) {found} (replace-match {_lisp(new)} t t))"
        self._in(path, f"(save-excursion (goto-char 1) {change} (undo-boundary) t)")

    def save(self, *paths: Path) -> None:
        if not paths:
            self._eval("(save-some-buffers t)")
        for path in paths:
            self._in(path, "(progn (save-buffer) t)")

    def undo(self, path: Path) -> None:
        self._in(path, "(let ((last-command 'none)) (undo-boundary) (undo) t)")

    def text(self, path: Path) -> str:
        return self._in(path, "(buffer-string)")

    def hints(self, path: Path) -> list[str]:
        messages = "(mapcar #'flymake-diagnostic-text (flymake-diagnostics))"
        found = self._in(path, f"(vconcat {messages})")
        return [each for each in found if each.startswith("proactive")]

    def choose(
        self, path: Path, at: str, title: str, *, meanwhile: tuple[Path, str, str] | None = None
    ) -> None:
        change = "nil"
        if meanwhile is not None:
            # Eglot gathers typing until Emacs is idle for half a second; here it is sent at once.
            there, old, new = map(_lisp, meanwhile)
            change = (
                f"(lambda () (with-current-buffer (find-file-noselect {there}) (save-excursion"
                f" (goto-char 1) (search-forward {old}) (replace-match {new} t t))"
                " (eglot--signal-textDocument/didChange)))"
            )
        error = self._at(
            path,
            at,
            f"""(let ((test-title {_lisp(title)}) (test-meanwhile {change}) (last-nonmenu-event ?x))
                  (condition-case problem
                      (progn (call-interactively #'eglot-code-actions) nil)
                    (error (error-message-string problem))))""",
        )
        if error is not None and meanwhile is None:
            titles = self._eval("(vconcat test-titles)")
            raise LookupError(f"no {title!r} among {titles}: {error}")

    def answer(self, path: Path, at: str, verb: str) -> None:
        self._at(path, at, f"(progn (proactive-{verb}) t)")

    def run(self, command: str, *arguments: Any) -> Any:
        told = " ".join("nil" if each is None else _lisp(each) for each in arguments)
        return self._eval(
            "(with-current-buffer (seq-find (lambda (each) (with-current-buffer each"
            f" (eglot-managed-p))) (buffer-list)) (proactive-run {_lisp(command)} {told}))"
        )

    def suggestions(self) -> list[dict[str, Any]]:
        return self._eval("(vconcat (seq-mapcat #'cdr proactive-suggestions))")

    def listed(self) -> list[str]:
        self._eval(
            "(with-current-buffer (seq-find (lambda (each) (with-current-buffer each"
            " (eglot-managed-p))) (buffer-list)) (proactive-list) t)"
        )
        return self._eval('(with-current-buffer "*proactive list*" (buffer-string))').splitlines()

    def shown(self) -> str:
        return self._eval(
            '(if (get-buffer "*proactive*") (with-current-buffer "*proactive*" (buffer-string)) "")'
        )

    def close(self) -> None:
        self._call("(let ((kill-emacs-query-functions nil)) (eglot-shutdown-all) (kill-emacs))")
        self._process.wait(TIMEOUT)

    def _at(self, path: Path, at: str, form: str) -> Any:
        return self._in(
            path,
            f"(progn (switch-to-buffer (current-buffer)) (goto-char 1) (search-forward {_lisp(at)})"
            f" (goto-char (match-beginning 0)) {form})",
        )

    def _in(self, path: Path, form: str) -> Any:
        return self._eval(f"(with-current-buffer (find-file-noselect {_lisp(path)}) {form})")

    def _eval(self, form: str) -> Any:
        # Base64, as Emacs writes a string in its own way.
        coded = f"(encode-coding-string (json-encode {form}) 'utf-8)"
        called = self._call(f"(base64-encode-string {coded} t)")
        if called.returncode:
            raise RuntimeError(f"{called.stdout}{called.stderr} in {form}\n{self._log.read_text()}")
        return json.loads(base64.b64decode(called.stdout.strip().strip('"')))

    def _call(self, form: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._client, "--socket-name", self._socket, "--eval", form],
            env=self._env,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )


def _lisp(value: object) -> str:
    """A value as Emacs reads it."""
    if isinstance(value, bool | int | float):
        return str(value).lower()
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
