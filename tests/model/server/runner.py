"""One model in memory, on llama.cpp: tokens go in, tokens come out, no prefix is computed twice.

A runner belongs to one thread at a time. What it says about the cache is what llama.cpp holds, and
what it says about work is counted where `llama_decode` is called.
"""

import ctypes
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import llama_cpp as cpp
import numpy as np
from msgspec import Struct

BATCH = 128
"""Tokens of a prompt between two looks at whether anyone still waits: about 0.3 s of two cores."""

THREADS = 2

Stop = Callable[[], bool]


class Stopped(Exception):
    """Nobody waits for the answer any more."""


class Choice(Struct, frozen=True):
    """How to choose a token: temperature 0 takes the likeliest that the grammar allows."""

    temperature: float
    seed: int
    grammar: str | None = None


class Token(Struct, frozen=True):
    """A token, its bytes and the natural logarithm of its probability; `top` are the likeliest.

    The last two are empty where nobody asked for them.
    """

    id: int
    piece: bytes
    logprob: float = 0.0
    top: tuple["Token", ...] = ()


@cpp.llama_log_callback
def _silent(level: int, text: bytes, data: ctypes.c_void_p) -> None:
    """llama.cpp writes a page for each load."""


cpp.llama_log_set(_silent, ctypes.c_void_p(0))


class Runner:
    """The weights of a file and a context of `num_ctx` tokens, of which 0 are used yet."""

    def __init__(self, path: Path, num_ctx: int, threads: int = THREADS) -> None:
        self.num_ctx = num_ctx
        self.evaluated = 0
        """Tokens given to `llama_decode` since the model was loaded."""
        self._model = cpp.llama_model_load_from_file(
            str(path).encode(), cpp.llama_model_default_params()
        )
        if not self._model:
            raise RuntimeError(f"{path} is no model that llama.cpp can load")
        self._vocab = cpp.llama_model_get_vocab(self._model)
        self._size = cpp.llama_vocab_n_tokens(self._vocab)
        params = cpp.llama_context_default_params()
        params.n_ctx, params.n_batch, params.n_ubatch = num_ctx, BATCH, BATCH
        params.n_threads = params.n_threads_batch = threads
        self._context = cpp.llama_init_from_model(self._model, params)
        if not self._context:
            raise RuntimeError(f"no memory for a context of {num_ctx} tokens")
        self._memory = cpp.llama_get_memory(self._context)
        self._held: list[int] = []

    def close(self) -> None:
        """Give the memory back; the runner is of no use afterwards."""
        cpp.llama_free(self._context)
        cpp.llama_model_free(self._model)

    def tokens(self, text: str) -> list[int]:
        """The tokens of a text in which control tokens are spelled out, as templates do."""
        data = text.encode()
        room = (cpp.llama_token * (len(data) + 8))()
        # No token of beginning or end is added: the template has them.
        count = cpp.llama_tokenize(self._vocab, data, len(data), room, len(room), False, True)
        assert count >= 0, "a text has no more tokens than bytes"
        return list(room[:count])

    def read(self, prompt: Sequence[int], stop: Stop) -> int:
        """Evaluate a prompt and return how many of its tokens were in memory already.

        The last token is always evaluated, since its probabilities are wanted. Raises `Stopped`
        between two batches; what was evaluated by then stays in memory.
        """
        same = 0
        for held, wanted in zip(self._held, prompt[:-1], strict=False):
            if held != wanted:
                break
            same += 1
        cpp.llama_memory_seq_rm(self._memory, 0, same, -1)
        del self._held[same:]
        cached = cpp.llama_memory_seq_pos_max(self._memory, 0) + 1
        assert cached == len(self._held), "llama.cpp holds another prefix than was noted"
        for start in range(cached, len(prompt), BATCH):
            if stop():
                raise Stopped
            self._decode(prompt[start : start + BATCH])
        return cached

    def answer(self, choice: Choice, top: int | None, stop: Stop) -> Iterator[Token]:
        """Tokens until the model ends its turn or the context is full.

        With `top` each has its probability and those of so many that were likeliest.

        To be called after `read`. Raises `Stopped` before a token that nobody waits for.
        """
        with _Chooser(self._vocab, choice) as chooser:
            while True:
                if stop():
                    raise Stopped
                logits = self._logits()
                chosen = chooser.choose(logits)
                if cpp.llama_vocab_is_eog(self._vocab, chosen):
                    return
                yield self._token(chosen, logits, top)
                if len(self._held) == self.num_ctx:
                    return
                self._decode([chosen])

    @property
    def full(self) -> bool:
        """Whether no further token fits into the context."""
        return len(self._held) == self.num_ctx

    def _decode(self, tokens: Sequence[int]) -> None:
        # The batch points at this array and does not keep it alive.
        array = (cpp.llama_token * len(tokens))(*tokens)
        batch = cpp.llama_batch_get_one(array, len(tokens))
        code = cpp.llama_decode(self._context, batch)
        if code != 0:
            raise RuntimeError(f"llama_decode returned {code}")
        self.evaluated += len(tokens)
        self._held.extend(tokens)

    def _logits(self) -> np.ndarray:
        pointer = cpp.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(pointer, shape=(self._size,))

    def _token(self, chosen: int, logits: np.ndarray, top: int | None) -> Token:
        if top is None:
            return Token(chosen, self._piece(chosen))
        # Of the model's own distribution, before grammar and temperature, as Ollama has them.
        shifted = logits.astype(np.float64) - logits.max()
        logprobs = shifted - np.log(np.exp(shifted).sum())
        # In a stable order, so that equal probabilities do not change places.
        likeliest = np.argsort(-logprobs, kind="stable")[:top]

        def told(token: int, *likeliest: Token) -> Token:
            return Token(token, self._piece(token), float(logprobs[token]), likeliest)

        return told(chosen, *(told(int(token)) for token in likeliest))

    def _piece(self, token: int) -> bytes:
        room = ctypes.create_string_buffer(256)
        count = cpp.llama_token_to_piece(self._vocab, token, room, len(room), 0, False)
        return room.raw[: max(count, 0)]


class _Chooser:
    """llama.cpp's samplers for one answer; the grammar keeps its place in what was said."""

    def __init__(self, vocab: int, choice: Choice) -> None:
        self._all = np.arange(cpp.llama_vocab_n_tokens(vocab))
        self._grammar = None
        if choice.grammar is not None:
            self._grammar = cpp.llama_sampler_init_grammar(vocab, choice.grammar.encode(), b"root")
            if not self._grammar:
                raise ValueError("llama.cpp does not read the grammar")
        self._chain = cpp.llama_sampler_chain_init(cpp.llama_sampler_chain_default_params())
        for sampler in _samplers(choice):
            cpp.llama_sampler_chain_add(self._chain, sampler)

    def __enter__(self) -> "_Chooser":
        return self

    def __exit__(self, *_: object) -> None:
        cpp.llama_sampler_free(self._chain)
        if self._grammar:
            cpp.llama_sampler_free(self._grammar)

    def choose(self, logits: np.ndarray) -> int:
        chosen = self._sample(logits, strict=False)
        # Most tokens fit as they are; trying the grammar on all of them costs 20 times as much.
        if not self._allows(chosen):
            chosen = self._sample(logits, strict=True)
        if self._grammar:
            cpp.llama_sampler_accept(self._grammar, chosen)
        return chosen

    def _sample(self, logits: np.ndarray, *, strict: bool) -> int:
        data = _candidates(self._all, logits)
        candidates = _array(data)
        if strict:
            cpp.llama_sampler_apply(self._grammar, candidates)
        cpp.llama_sampler_apply(self._chain, candidates)
        return int(candidates.data[candidates.selected].id)

    def _allows(self, token: int) -> bool:
        if not self._grammar:
            return True
        data = _candidates(np.array([token]), np.array([1.0]))
        cpp.llama_sampler_apply(self._grammar, _array(data))
        return bool(np.isfinite(data["logit"][0]))


def _samplers(choice: Choice) -> Iterator[int | None]:
    if choice.temperature <= 0:
        yield cpp.llama_sampler_init_greedy()
        return
    # The defaults of docs/modelfile.mdx, "Valid Parameters and Values".
    yield cpp.llama_sampler_init_top_k(40)
    yield cpp.llama_sampler_init_top_p(0.9, 1)
    yield cpp.llama_sampler_init_temp(choice.temperature)
    yield cpp.llama_sampler_init_dist(choice.seed)


def _candidates(tokens: np.ndarray, logits: np.ndarray) -> np.ndarray:
    kind = np.dtype([("id", np.intc), ("logit", np.single), ("p", np.single)], align=True)
    data = np.zeros(len(tokens), dtype=kind)
    data["id"], data["logit"] = tokens, logits
    return data


def _array(data: np.ndarray) -> cpp.llama_token_data_array:
    pointer = data.ctypes.data_as(cpp.llama_token_data_p)
    return cpp.llama_token_data_array(data=pointer, size=len(data), selected=-1, sorted=False)
