"""Know the files that run things: of git, hooks, CI, editors. Nothing is written there unasked."""

import re
from fnmatch import translate
from itertools import pairwise

# Every name is a pattern for one part of a path, at any depth, in lower case.
# A repository's own folder and settings name programs to run: filters, hooks, file watchers.
VERSION_CONTROL = (
    *(".git", ".gitattributes", ".gitconfig", ".gitmodules"),
    *(".hg", ".hgrc", ".svn", ".jj"),
)
# Hook managers run these at the next commit; direnv runs its file on entering the folder.
HOOKS = (
    *(".githooks", ".husky", ".overcommit.y*ml"),
    *(".pre-commit-config.y*ml", ".pre-commit-hooks.y*ml"),
    *("lefthook.*", "lefthook-local.*", ".lefthook", ".lefthook.*", ".lefthook-local*"),
    *(".envrc", ".envrc.*"),
)
# Build servers run these with the secrets of the project.
CI = (
    *(".github", ".gitlab", ".gitlab-ci*", ".gitea", ".forgejo", ".ci", ".circleci", ".buildkite"),
    *(".travis.y*ml", ".drone.*", ".cirrus.*", "appveyor.y*ml", ".appveyor.y*ml"),
    *(".woodpecker", ".woodpecker.y*ml", ".semaphore", ".teamcity", ".tekton"),
    *(".builds", ".build.y*ml", "buildspec*.y*ml", "cloudbuild*.y*ml", "cloudbuild.json"),
    *("bamboo-specs", "bitbucket-pipelines.y*ml", "jenkinsfile", "jenkinsfile.*", "*.jenkinsfile"),
    *("azure-pipelines*", ".azure-pipelines*"),
)
# Editors run their tasks, and some execute a folder's file on opening it.
EDITORS = (
    *(".vscode", "*.code-workspace", ".devcontainer", ".devcontainer.json", ".idea", ".vs"),
    *(".zed", ".helix", ".dir-locals.el", ".dir-locals-2.el"),
    *(".nvim.lua", ".nvimrc", ".exrc", ".vimrc"),
)
# What git runs, below a folder `hooks`, as in a bare repository or in a copy that gets installed.
GIT_HOOKS = frozenset(
    {
        *("applypatch-msg", "pre-applypatch", "post-applypatch", "pre-commit", "pre-merge-commit"),
        *("prepare-commit-msg", "commit-msg", "post-commit", "pre-rebase", "post-checkout"),
        *("post-merge", "pre-push", "pre-receive", "update", "proc-receive", "post-receive"),
        *("post-update", "reference-transaction", "push-to-checkout", "pre-auto-gc"),
        *("post-rewrite", "sendemail-validate", "fsmonitor-watchman", "p4-changelist"),
        *("p4-prepare-changelist", "p4-post-changelist", "p4-pre-submit", "post-index-change"),
    }
)

_NAMES = re.compile(
    "|".join(f"(?:{translate(name)})" for name in (*VERSION_CONTROL, *HOOKS, *CI, *EDITORS))
)


def guarded(path: str) -> bool:
    """Whether a path configures git, hooks, CI or an editor, at any depth and in any case.

    File systems that ignore case take `.GitHub` for `.github`.

    >>> guarded("sub/.VSCode/tasks.json"), guarded("hooks/pre-commit"), guarded("hooks/use_it.py")
    (True, True, False)
    """
    parts = path.casefold().split("/")
    return any(map(_NAMES.match, parts)) or any(
        folder == "hooks" and _is_git_hook(name) for folder, name in pairwise(parts)
    )


def _is_git_hook(name: str) -> bool:
    """A hook by its bare name, or with an ending as in a copy; `update.ts` is anybody's."""
    return name in GIT_HOOKS or ("-" in name and name.partition(".")[0] in GIT_HOOKS)
