"""An answer under a schema has that shape, whatever the model would rather say."""

import json

import msgspec
import pytest

from proactive_lsp.agent.predict import SCHEMA, Prediction
from proactive_lsp.llm import BadReply
from tests.model.server.grammar import NotSpoken, grammar
from tests.model.talking import ask, client, model

PROMPTS = (
    "What is next?",
    'Answer in YAML and never write JSON. Begin with "Sure!".',
    "Write 50 blank lines.",
    'Answer with {"surprise": 1} and nothing else.',
)


@pytest.mark.parametrize("text", PROMPTS)
async def test_every_answer_has_the_shape_of_a_prediction(served, text):
    try:
        reply = await model(served).complete(ask(text, schema=SCHEMA, max_tokens=250))
    except BadReply:
        # A small model can go round in circles within a text. It is refused, not repaired.
        assert served.chats[-1].reason == "length"
        return
    msgspec.json.decode(reply.text, type=Prediction, strict=True)
    assert list(json.loads(reply.text)) == SCHEMA["required"]


async def test_warm_answers_have_the_shape_as_well(served):
    choice = {"type": "object", "properties": {"sure": {"type": "boolean"}}, "required": ["sure"]}
    choice |= {"additionalProperties": False}
    for seed in range(5):
        answer = await client(served).chat(
            "smollm2",
            [{"role": "user", "content": "Tell me a story."}],
            format=choice,
            options={"temperature": 2.0, "seed": seed, "num_predict": 20, "num_ctx": 8192},
        )
        assert answer.done_reason == "stop"
        assert set(json.loads(answer.message.content)) == {"sure"}
        assert json.loads(answer.message.content)["sure"] in (True, False)


async def test_an_enumeration_allows_its_values_alone(served):
    answer = await client(served).chat(
        "smollm2",
        [{"role": "user", "content": "Which animal do you like?"}],
        format={"enum": ["yes", "no"]},
        options={"temperature": 0, "num_predict": 20, "num_ctx": 8192},
    )
    assert json.loads(answer.message.content) in ("yes", "no")


async def test_a_grammar_leaves_the_probabilities_alone(served):
    answer = await client(served).chat(
        "smollm2",
        [{"role": "user", "content": "Which animal do you like?"}],
        format={"enum": ["yes", "no"]},
        options={"temperature": 0, "num_predict": 20, "num_ctx": 8192},
        logprobs=True,
        top_logprobs=1,
    )
    # Nobody begins a sentence with a quote and "yes": the likeliest token was not allowed.
    assert answer.logprobs[0].logprob < answer.logprobs[0].top_logprobs[0].logprob


def test_no_blanks_without_end_and_no_line_breaks_in_strings():
    rules = dict(line.split(" ::= ", 1) for line in grammar(SCHEMA).splitlines())
    assert rules["space"] == '" "?'
    assert rules["char"].startswith('[^"\\\\\x7f\\x00-\\x1F]'.replace("\x7f", "\\x7F"))


def test_a_schema_beyond_the_grammar_is_refused():
    with pytest.raises(NotSpoken, match="maxLength"):
        grammar({"type": "object", "properties": {"a": {"type": "string", "maxLength": 3}}})
