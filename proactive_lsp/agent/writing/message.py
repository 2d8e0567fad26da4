"""Have a commit's message drafted, as the repository's log writes its own.

A subject of at most 72 characters, 50 where it can be, a blank line, and a body wrapped at 72. It
belongs into no file: the plan has it as a text.
"""

import re
import textwrap
from collections.abc import Iterator, Sequence

from proactive_lsp.agent.writing import context
from proactive_lsp.agent.writing.answer import MOST_CHARS, Refused, read_words
from proactive_lsp.agent.writing.checks import bad_lines
from proactive_lsp.agent.writing.job import Almost, Job, Writer, Written, ask
from proactive_lsp.redaction import redact
from proactive_lsp.sentences import barred, quoted
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Place, Task
from proactive_lsp.workspace.log_style import LogStyle, restyled, style_of

MAX_TOKENS = 300
WANTED, LONGEST, WIDTH = 50, 72, 72
MOST_BODY_LINES = 20
EDIT_CHARS = 5_000
EXAMPLES = 8
_LABEL = re.compile(r"(?i)\A(?:commit message|subject|message|title)\s*:\s*")
_SYSTEM = """\
You write the message of a commit. The first line is its subject: what the commit does, in the
imperative, in at most 50 characters. If there is a reason worth telling, a blank line follows and a
few lines that say why. Answer with the message alone and with nothing else."""


def wants(task: Task, place: Place) -> bool:
    """It has no place."""
    return False


def jobs(task: Task, places: Sequence[Place], situation: Situation) -> Iterator[Job]:
    """One job while something is staged."""
    if not situation.staged:
        return
    style = style_of(situation.past.subjects)
    names = "\n".join(f"- {context.name_of(path)}" for path in situation.staged[:20])
    earlier = "\n".join(barred(situation.past.subjects[:EXAMPLES]))
    files = [context.read(situation, path) for path in situation.staged[:20]]
    masks = frozenset(mask for file in files if file is not None for mask in file.shown.masks)
    said = (
        ("Staged files:", names),
        ("What was edited:", context.edits(situation, EDIT_CHARS)),
        ("A first draft:", quoted(redact(task.need.facts[0].text)) if task.need.facts else ""),
        ("Earlier subjects, to be written like:", earlier),
        ("", style.told()),
    )

    def take(answer: str) -> Written | Almost | Refused:
        return _taken(answer, style, situation.staged, masks)

    yield Job(ask(_SYSTEM, said), MAX_TOKENS, take)


def _taken(
    answer: str, style: LogStyle, staged: Sequence[str], masks: frozenset[str]
) -> Written | Almost | Refused:
    if len(answer) > MOST_CHARS:
        return Refused(f"the answer has more than {MOST_CHARS} characters")
    # Git takes lines that begin with a hash for comments, and leaves them out.
    lines = [line for line in read_words(answer) if not line.startswith("#")]
    while lines and not lines[0].strip():
        lines.pop(0)
    if not lines:
        return Refused("the answer is empty")
    if problem := bad_lines(lines, "", masks):
        return problem
    first = _LABEL.sub("", " ".join(lines[0].split())).strip('`*"')
    subject = restyled(first, style, staged)
    if subject is None:
        return Refused(f"the subject is not written like the earlier ones; {style.told()}")
    body = _wrapped(lines[1:])
    text = "\n\n".join(part for part in (subject, body) if part)
    if len(subject) > LONGEST:
        return Refused(f"the subject has {len(subject)} characters; {LONGEST} are the most")
    if body.count("\n") >= MOST_BODY_LINES:
        return Refused(f"the body has more than {MOST_BODY_LINES} lines; be shorter")
    written = Written(text=text)
    if len(subject) > WANTED:
        return Almost(f"the subject has {len(subject)} characters; {WANTED} are better", written)
    return written


def _wrapped(lines: Sequence[str]) -> str:
    """The paragraphs and bullets of a body, none of their lines longer than it may be."""
    blocks: list[str] = []
    for line in lines:
        text = line.strip()
        if not text:
            blocks.append("")
        elif text.startswith(("- ", "* ")) or not blocks or not blocks[-1]:
            blocks.append(text)
        else:
            blocks[-1] = f"{blocks[-1]} {text}"
    wrapped = (
        textwrap.fill(
            block,
            WIDTH,
            subsequent_indent="  " if block.startswith(("- ", "* ")) else "",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for block in blocks
    )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(wrapped)).strip("\n")


COMMIT_MESSAGE = Writer(wants, jobs, without_place=True)
