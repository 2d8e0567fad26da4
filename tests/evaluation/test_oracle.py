"""Models whose worth is known, on small histories: what the oracle sees, and what is made of it."""

import json

import msgspec
import pytest

from proactive_lsp.agent.predict import SCHEMA, Prediction
from proactive_lsp.cli import run_command_line
from proactive_lsp.evaluation import asked, benchmark, history, model_bench
from proactive_lsp.evaluation.asked import Chosen
from proactive_lsp.evaluation.commits import hunks_of
from proactive_lsp.evaluation.labels import Pending
from proactive_lsp.evaluation.metrics import count
from proactive_lsp.evaluation.oracle import NOTHING, Guesser, Oracle, quotable, search_and_replace
from proactive_lsp.llm import Message, ModelRefused, Request, unheard
from proactive_lsp.workspace.tree import FilesTree
from tests.evaluation.contract import problems
from tests.evaluation.histories import history_of, lived
from tests.scripted_ollama import MODEL, scripted_ollama

TEXT = "import os\n\ndef area(r):\n    return 3 * r\n\ndef half(r):\n    return r / 2\n"
FILES = {"a.py": TEXT, "b.py": "import a\n\na.area(1)\n"}


def to_come(after, before=TEXT, path="a.py"):
    """The hunks that make `after` of `before`, as a judge sees them."""
    return [
        Pending(number, path, path, hunk.start, hunk.start + max(len(hunk.before) - 1, 0), hunk)
        for number, hunk in enumerate(hunks_of(path, before, after), 1)
    ]


async def said(model, purpose="predict"):
    request = Request((Message("user", "What is next?"),), SCHEMA, purpose=purpose)
    return (await model.complete(request)).text


async def place_of(model):
    found = json.loads(await said(model))
    return found["help_wanted"], found["path"], found["quoted_line"]


async def test_the_oracle_names_the_next_hunk():
    hunks = to_come(TEXT.replace("3 * r", "PI * r").replace("r / 2", "r * 0.5"))
    oracle = Oracle(lambda: hunks, FilesTree(FILES))
    assert await place_of(oracle) == (True, "a.py", "    return 3 * r")
    del hunks[0]
    assert await place_of(oracle) == (True, "a.py", "    return r / 2")
    del hunks[0]
    assert await place_of(oracle) == (False, "", "")


async def test_told_that_it_is_not_wanted_it_names_the_one_after():
    hunks = to_come(TEXT.replace("3 * r", "PI * r").replace("r / 2", "r * 0.5"))
    oracle = Oracle(lambda: hunks, FilesTree(FILES))
    assert await place_of(oracle) == (True, "a.py", "    return 3 * r")
    refined = json.loads(await said(oracle, "refine"))
    assert refined["quoted_line"] == "    return r / 2"
    assert not json.loads(await said(oracle, "refine"))["help_wanted"]
    assert await place_of(oracle) == (True, "a.py", "    return 3 * r")


async def test_it_knows_what_it_is_given_and_nothing_else():
    """The same files without the argument tell it nothing."""
    assert await place_of(Oracle(lambda: (), FilesTree(FILES))) == (False, "", "")


async def test_it_passes_over_what_nobody_can_point_at():
    hunks = [*to_come("new = 1\n", "", "new.py"), *to_come(TEXT.replace("3 * r", "PI * r"))]
    assert await place_of(Oracle(lambda: hunks, FilesTree(FILES))) == (
        True,
        "a.py",
        "    return 3 * r",
    )


@pytest.mark.parametrize(
    ("before", "after", "quoted"),
    [
        ("a\nb\nc\n", "a\nB\nc\n", "b"),
        ("a\nb\nc\n", "a\nb\nnew\nc\n", "b"),
        ("a\n\n\nc\n", "a\n\nnew\n\nc\n", ""),
        ("x\nx\nc\n", "x\ny\nc\n", "c"),
        ("a\n", "new\na\n", "a"),
    ],
)
def test_what_is_quoted_stands_once_and_touches_the_hunk(before, after, quoted):
    (hunk,) = to_come(after, before)
    assert quotable(hunk, before.splitlines()) == quoted


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\nb\nc\n", "a\nB\nc\n"),
        ("x\nx\nx\nx\n", "x\nx\ny\nx\n"),
        ("a\nb\n", "a\nb\nc\n"),
        ("a\nb\n", "c\na\nb\n"),
        ("a\nb\nc\n", "a\nc\n"),
        ("a\n", "b\n"),
    ],
)
def test_what_it_writes_makes_the_true_text(before, after):
    (hunk,) = to_come(after, before)
    block = search_and_replace(hunk, before.splitlines())
    old, new = block.removeprefix("<<<<<<< SEARCH\n").split("=======\n")
    lines, searched = before.splitlines(keepends=True), old.splitlines(keepends=True)
    size = len(searched)
    (at,) = (at for at in range(len(lines)) if lines[at : at + size] == searched)
    made = [*lines[:at], new.removesuffix(">>>>>>> REPLACE\n"), *lines[at + size :]]
    assert "".join(made) == after


async def test_it_writes_only_what_it_named():
    oracle = Oracle(lambda: to_come(TEXT.replace("3 * r", "PI * r")), FilesTree(FILES))
    with pytest.raises(ModelRefused, match="named nothing"):
        await said(oracle, "write")
    await said(oracle)
    assert "    return PI * r" in await said(oracle, "write")


async def test_a_guess_is_a_line_that_stands_once_and_the_same_again():
    def guesser():
        return Guesser("random", "0 c0ffee", FilesTree(FILES), lambda: sorted(FILES))

    one, two = guesser(), guesser()
    guesses = [await place_of(one) for _ in range(12)]
    assert guesses == [await place_of(two) for _ in range(12)]
    assert len(set(guesses)) > 3
    for wanted, path, line in guesses:
        assert wanted
        assert FILES[path].splitlines().count(line) == 1


async def test_oracle_and_guesser_say_the_same_words():
    """Else a filter could tell them by their words."""
    hunks = to_come(TEXT.replace("3 * r", "PI * r"))
    oracle = json.loads(await said(Oracle(lambda: hunks, FilesTree(FILES))))
    guess = json.loads(await said(Guesser("random", "1", FilesTree(FILES), lambda: ["a.py"])))
    places = {"path", "quoted_line"}
    assert set(oracle) == set(Prediction.__struct_fields__)
    assert {k: v for k, v in oracle.items() if k not in places} == {
        k: v for k, v in guess.items() if k not in places
    }


# In a run of the benchmark. Without the shipped weights a prediction has its estimate, which lets
# places through in a file that is open for work.

STEPS = "".join(f"def step_{n}(flow):\n    return flow * {n}\n\n\n" for n in range(6))
NEXT = STEPS.replace("flow * 1\n", "flow + one\n").replace("flow * 3\n", "three(flow)\n")
NEXT = NEXT.replace("flow * 5\n", "flow // 5 or None\n")
CALM = {"notes.md": "Notes.\n", "other.py": "x = 1\ny = 2\n"}


@pytest.fixture
def root(tmp_path):
    return history_of(tmp_path / "steps", {"pump.py": STEPS, **CALM}, {"pump.py": NEXT})


def test_the_oracle_foresees_what_no_rule_does(root):
    alone, with_it = lived(root), lived(root, model=Chosen("oracle"))
    one, two = count(alone.edits, alone.alarms), count(with_it.edits, with_it.alarms)
    assert (one.follow_ups, one.foreseen, two.foreseen) == (2, 0, 2)
    assert [alarm.need for alarm in with_it.alarms] == ["predicted", "predicted"]
    assert two.right == two.alarms == 2
    assert [each.came for each in with_it.answered] == ["shown", "shown", *["nothing-left"] * 2]


def test_its_edits_land_byte_by_byte(root):
    answered = lived(root, model=Chosen("oracle")).answered
    assert [each.written for each in answered if each.came == "shown"] == ["exact", "exact"]


def test_the_oracle_alone_is_handed_the_future(root, monkeypatch):
    """Whoever else asks for what is still to come is not asked by the engine."""
    given: list[str] = []
    made = asked.model_of

    def watched(chosen, **more):
        found = made(chosen, **more)
        held = {name for name, value in vars(found).items() if value is more["future"]}
        given.append(f"{chosen.name} {sorted(held)}")
        return found

    monkeypatch.setattr(history, "model_of", watched)
    for name in ("oracle", "random", "near-miss"):
        lived(root, model=Chosen(name))
    assert given == ["oracle ['_future']", "random []", "near-miss []"]


def test_the_engine_never_meets_what_is_still_to_come(root, monkeypatch):
    """What the model is sent holds no line that is typed later, not even the oracle's prompt."""
    sent: list[str] = []
    complete = Oracle.complete

    async def heard(self, request, *, heard=unheard):
        if request.purpose == "predict":
            sent.append("\n".join(message.content for message in request.messages))
        return await complete(self, request, heard=heard)

    monkeypatch.setattr(Oracle, "complete", heard)
    lived(root, model=Chosen("oracle"))
    assert "flow + one" in sent[0]
    assert all("three(flow)" not in text for text in sent[:1])
    assert all("flow // 5" not in text for text in sent[:2])


def test_at_sampled_moments_alone(root):
    commit = lived(root).id
    some = lived(root, model=Chosen("oracle", sampled={commit: frozenset({2})}))
    assert [each.came for each in some.answered] == ["shown"]
    assert some.requests.purposes == {"predict": 1, "write": 1}
    none = lived(root, model=Chosen("oracle", sampled={commit: frozenset()}))
    assert none.answered == ()
    assert none.requests.purposes == {}


def test_the_same_run_gives_the_same(root):
    one, two = (lived(root, model=Chosen("random"), seed=3) for _ in range(2))
    assert (one.alarms, one.answered, one.requests) == (two.alarms, two.answered, two.requests)


@pytest.mark.shipped_weights
def test_what_is_drawn_at_random_is_not_shown(tmp_path, monkeypatch):
    # What is drawn hangs on the commit's id, and that on its time: once in a while it is right.
    for whose in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{whose}_DATE", "2026-01-05T09:00:00+00:00")
    files = {
        f"pkg/part_{n}.py": f"part = {n}\nname = 'part {n}'\nsize = {n}{n}\n" for n in range(40)
    }
    root = history_of(tmp_path / "r", {**files, "pump.py": STEPS}, {"pump.py": NEXT})
    result = lived(root, model=Chosen("random"))
    assert [alarm for alarm in (*result.alarms, *result.after) if alarm.need == "predicted"] == []
    assert [each.came for each in result.answered] == ["below-threshold"] * len(result.answered)
    assert result.requests.purposes["predict"] == 4


# On the command line.


def run(capsys, *arguments):
    code = run_command_line(["bench", "history", *map(str, arguments)])
    return code, *capsys.readouterr()


def test_told_beside_the_run_without(root, tmp_path, capsys):
    out = tmp_path / "out.md"
    models = ("--model", "oracle", "--model", "random")
    code, text, err = run(capsys, root, *models, "--json", "-", "--markdown", out)
    assert code == 0, err
    report = json.loads(text)
    assert problems(report) == []
    oracle, random = report["models"]
    assert (oracle["name"], random["name"], oracle["sample"]) == ("oracle", "random", None)
    mean = oracle["mean"]
    assert mean["without"]["recall"] == report["mean"]["recall"]
    rise = mean["together"]["recall"] - mean["without"]["recall"]
    assert mean["rises"]["recall"]["value"] == pytest.approx(rise, abs=1e-4)
    assert sum(mean["came"].values()) == mean["asked"]
    assert mean["model"]["alarms"] == mean["came"].get("shown", 0)
    assert out.read_text().count("with oracle") == 1
    assert "false alarms per 100 edits +" in err


def test_a_server_is_asked_one_thing_at_a_time(root, capsys, monkeypatch):
    """However many processes live through the commits otherwise."""
    jobs: list[int] = []

    def counted(source, options, **how):
        jobs.append(how["jobs"])
        return benchmark.run(source, options, **how)

    monkeypatch.setattr(model_bench, "run", counted)
    with scripted_ollama(lambda chat: json.dumps(msgspec.to_builtins(NOTHING))) as server:
        models = ("--model", MODEL, "--host", server.host)
        code, text, err = run(capsys, root, *models, "--jobs", 2, "--json", "-")
    assert code == 0, err
    assert run(capsys, root, "--model", "oracle", "--jobs", 2)[0] == 0
    (report,) = json.loads(text)["models"]
    assert report["mean"]["purposes"]["predict"] == len(server.chats) > 1
    assert jobs == [2, 1, 2, 2]


def test_a_bench_does_not_look_into_the_environment(monkeypatch):
    monkeypatch.setenv("OLLAMA_HOST", "http://example.org")
    asked.check(Chosen("tiny:1b"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--sample", 3), "name it with --model"),
        (("--host", "http://127.0.0.1:1"), "name it with --model"),
        (("--model", "oracle", "--host", "http://127.0.0.1:1"), "leave --host out"),
        (("--model", "tiny:1b", "--host", "http://example.org"), "example.org"),
    ],
)
def test_wrong_arguments_are_one_line(root, capsys, arguments, said):
    code, out, err = run(capsys, root, *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
