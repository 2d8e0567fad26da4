"""What the harbour office may change."""

from dataclasses import dataclass, field

# Half a metre below the lowest quay.
WARNING_LEVEL = 3.4


@dataclass
class Heights:
    """Heights above chart datum."""

    warning_level: float = WARNING_LEVEL


@dataclass
class Settings:
    """All settings."""

    heights: Heights = field(default_factory=Heights)


settings = Settings()
