"""Which installed model is taken, and that a wish is never replaced."""

import pytest

from proactive_lsp.llm import ModelMissing
from proactive_lsp.llm.choosing import PREFERRED, is_name, pick
from proactive_lsp.llm.facts import Details, Installed, same_model


def of(name, size="3.0B", capabilities=None, **more):
    return Installed(name, details=Details(parameter_size=size), capabilities=capabilities, **more)


def chosen(names, wanted):
    """Where only names are known."""
    return pick(map(Installed, names), wanted).model.title


def test_it_takes_the_wanted_one_with_or_without_its_tag():
    assert chosen(["b:1", "a:latest"], "a") == "a:latest"
    assert chosen(["b:1", "a:latest"], "b:1") == "b:1"


def test_it_never_replaces_a_wish():
    with pytest.raises(ModelMissing, match="ollama pull mine:7b"):
        chosen(PREFERRED, "mine:7b")


def test_it_follows_its_order_and_not_the_servers():
    names = ["llama3.2:3b", "qwen2.5-coder:7b-instruct-q4_K_M", "phi4-mini:latest"]
    assert chosen(names, None) == "qwen2.5-coder:7b-instruct-q4_K_M"
    assert chosen(reversed(names), None) == "qwen2.5-coder:7b-instruct-q4_K_M"
    assert chosen(["phi4-mini:latest"], None) == "phi4-mini:latest"


@pytest.mark.parametrize(
    "names", [[], ["nomic-embed-text:latest"], ["qwen2.5-coder:3b-base"], ["qwen2.5-coder:32b"]]
)
def test_it_gives_advice_when_nothing_suits(names):
    with pytest.raises(ModelMissing, match=f"ollama pull {PREFERRED[0]}"):
        chosen(names, None)


def test_among_models_nobody_knows_the_largest_that_suits_is_taken():
    models = [of("tiny", "0.5B"), of("middle", "3B"), of("large", "8.0B"), of("huge", "70.6B")]
    assert pick(models, None).model.title == "large"


def test_a_model_for_code_goes_before_a_larger_one():
    assert pick([of("chat", "8B"), of("granite-code:3b", "3B")], None).model.title == (
        "granite-code:3b"
    )


@pytest.mark.parametrize(
    "model",
    [
        of("x:8b-text"),
        of("codellama:7b-code"),
        of("starcoder2:3b"),
        of("deepseek-coder:6.7b-base-q4_0"),
        of("qwen3-embedding:4b"),
        of("some-reranker:2b"),
        of("shieldguard", capabilities=("embedding",)),
        of("gpt-oss:120b-cloud"),
        of("mine", remote_host="https://ollama.com:443"),
        of("odd", "large"),
        of("odd", "1.2.3B"),
    ],
)
def test_what_does_not_chat_here_is_never_taken_unasked(model):
    with pytest.raises(ModelMissing) as missing:
        pick([model], None)
    assert missing.value.wanted == PREFERRED[0]


def test_a_preferred_name_goes_before_a_size():
    assert pick([of("other", "8B"), of("phi4-mini:latest", "3.8B")], None).model.title == (
        "phi4-mini:latest"
    )


def test_a_model_in_a_cloud_is_another_machine():
    models = [of("gpt-oss:120b-cloud")]
    with pytest.raises(ModelMissing, match="another machine"):
        pick(models, "gpt-oss:120b-cloud")
    assert pick(models, "gpt-oss:120b-cloud", remote=True).model == models[0]


def test_a_wish_that_is_no_name_is_not_put_into_a_command():
    with pytest.raises(ModelMissing) as missing:
        chosen([], "x; rm -rf ~")
    assert "pull" not in str(missing.value)


@pytest.mark.parametrize(
    "name",
    ["a", "qwen2.5-coder:3b", "me/mine:latest", "hf.co/me/x-GGUF:Q4_K_M", "localhost:5000/a/b:c"],
)
def test_names(name):
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "a b",
        "a:",
        ":a",
        "-a",
        "a:b:c",
        "a//b",
        "../a",
        "a/b/c/d",
        "ä",
        "a\n",
        "`a`",
        "a" * 81,
    ],
)
def test_no_names(name):
    assert not is_name(name)


def test_a_name_without_a_tag_means_latest():
    assert same_model("a", "a:latest")
    assert same_model("host:5000/a", "host:5000/a:latest")
    assert not same_model("a:1b", "a")
