"""The shared plumbing of the detectors' tests: from two states of some files to the needs."""

from collections.abc import Mapping, Sequence

from proactive_lsp.agent.write import result
from proactive_lsp.events import Change, CommittedFile, Edit, Git, Open
from proactive_lsp.memory import Memory, NoStore
from proactive_lsp.needs import Detector
from proactive_lsp.situation import Boundary, Situation, look
from proactive_lsp.suggestions import Need, TextEdit
from proactive_lsp.workspace.search import Index
from proactive_lsp.workspace.tree import FilesTree, language_of
from proactive_lsp.workspace.work import Work

Files = Mapping[str, str]


def situation_of(
    before: Files, after: Files | Sequence[Files], *, committed: bool = False
) -> Situation:
    """The moment after `before` became `after` (in steps, if several) by editing or by a commit."""
    work = Work(FilesTree(before), live=False, max_bytes=1_000_000)
    steps = [after] if isinstance(after, Mapping) else list(after)
    if committed:
        (last,) = steps
        changed = [path for path in before if last.get(path, before[path]) != before[path]]
        files = tuple(CommittedFile(path, before[path], last[path]) for path in changed)
        work.apply(Git(1.0, "commit", head="c0ffee00", paths=tuple(changed), files=files))
    else:
        for number, step in enumerate(steps):
            for path, text in step.items():
                old = work.tree.read(path) or ""
                if work.documents.get(path) is None:
                    work.apply(Open(0.0, path, 1, language_of(path) or "text", old))
                if text != old:
                    work.apply(Edit(number + 1.0, path, number + 2, (Change(None, text),)))
            work.settle()
            work.compare()
    return look(
        work,
        boundary=Boundary("commit" if committed else "save", 10.0),
        memory=Memory(NoStore()),
        index=Index(work.tree),
        cited={each.id: 1 for each in work.committed},
    )


def needs_of(
    detector: Detector, before: Files, after: Files | Sequence[Files], *, committed: bool = False
) -> list[Need]:
    """What the detector notices."""
    return list(detector.detect(situation_of(before, after, committed=committed)))


def check(
    detector: Detector,
    before: Files,
    after: Files | Sequence[Files],
    *,
    fixed: Files | None,
    committed: bool = False,
) -> list[Need]:
    """Exactly one need whose edits, uncertain ones included, make `fixed`; or none for None."""
    situation = situation_of(before, after, committed=committed)
    needs = list(detector.detect(situation))
    if fixed is None:
        assert needs == [], [need.title for need in needs]
        return needs
    assert len(needs) == 1, [need.title for need in needs]
    need = needs[0]
    assert need.kind == detector.KIND
    assert need.facts
    for path, text in fixed.items():
        current = situation.tree.read(path)
        assert current is not None
        edits = sorted(
            (
                TextEdit(place.range, place.after)
                for place in need.places
                if place.path == path and place.after is not None
            ),
            key=lambda edit: edit.range,
        )
        assert result(current, edits) == text
    return needs
