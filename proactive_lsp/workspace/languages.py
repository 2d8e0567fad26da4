"""Which language a path stands for."""

from functools import lru_cache
from pathlib import PurePosixPath

_LANGUAGES = {
    **{".c": "c", ".h": "c", ".cc": "cpp", ".cpp": "cpp", ".hpp": "cpp", ".cs": "csharp"},
    **{".css": "css", ".html": "html", ".java": "java", ".kt": "kotlin", ".swift": "swift"},
    **{".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".jsx": "javascriptreact"},
    **{".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "typescriptreact"},
    **{".go": "go", ".rs": "rust", ".rb": "ruby", ".php": "php", ".lua": "lua", ".sql": "sql"},
    **{".sh": "shellscript", ".bash": "shellscript", ".zsh": "shellscript", ".env": "dotenv"},
    **{".json": "json", ".jsonc": "jsonc", ".toml": "toml", ".yaml": "yaml", ".yml": "yaml"},
    **{".ini": "ini", ".cfg": "ini", ".md": "markdown", ".rst": "restructuredtext"},
    **{".py": "python", ".pyi": "python", ".pyw": "python", ".txt": "plaintext", ".xml": "xml"},
    **{"makefile": "makefile", "dockerfile": "dockerfile"},
}


@lru_cache(maxsize=4_096)
def language_of(path: str) -> str | None:
    """The LSP language id that the file's extension or bare name stands for, None if unknown."""
    file = PurePosixPath(path)
    return _LANGUAGES.get((file.suffix or file.name).lower())
