"""A JSON schema as a grammar that llama.cpp holds a model to while it answers.

docs/capabilities/structured-outputs.mdx: with a schema as `format`, the answer matches it.
"""

import json
from collections.abc import Mapping
from typing import Any

from llama_cpp.llama_grammar import json_schema_to_gbnf

LOOSE, STRICT = '[^"\\\\]', '[^"\\\\\\x7F\\x00-\\x1F]'


class NotSpoken(Exception):
    """A schema that says something which the grammar would not hold the model to."""


SPOKEN = frozenset(
    ("type", "properties", "required", "additionalProperties", "enum", "title", "description")
)


def grammar(schema: Mapping[str, Any]) -> str:
    """The grammar in llama.cpp's notation, fields in the schema's order; raises `NotSpoken`.

    Between two words of the JSON stands one blank at most, so no answer can be endless blanks.
    """
    _check(schema)
    rules = json_schema_to_gbnf(json.dumps(schema))
    # This converter lets line breaks into strings, where JSON has none. llama.cpp's own, which
    # Ollama uses, does not.
    if '"\\"" char*' in rules:
        assert LOOSE in rules, "the converter has another rule for characters by now"
    return rules.replace(LOOSE, STRICT)


def _check(schema: Mapping[str, Any]) -> None:
    if unknown := sorted(set(schema) - SPOKEN):
        raise NotSpoken(f"a schema with {', '.join(unknown)} is not spoken by this test server")
    for inner in schema.get("properties", {}).values():
        _check(inner)
