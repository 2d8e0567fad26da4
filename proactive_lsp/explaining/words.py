"""What the features of the filter mean, in a few words; of a feature nobody described, nothing."""

from collections.abc import Mapping

MEANINGS: Mapping[str, str] = {
    "agree": "other kinds point at the line",
    "agreed": "edits that say the same",
    "alone": "the only place",
    "backward": "its commits had the edit's file",
    "below": "below the edit",
    "calibration": "as measured on other work",
    "changed-there": "was touched lately",
    "changelog-rate": "how often commits write one",
    "code-line": "a line of code",
    "copies": "how often it stands there",
    "distance": "lines from the edit",
    "done": "its places done so far",
    "done-files": "files of it done so far",
    "done-twice": "done more than once",
    "edit-added": "lines the edit added",
    "edit-deletes": "the edit only removed",
    "edit-inserts": "the edit only added",
    "edit-removed": "lines the edit removed",
    "edit-same-size": "as many lines as before",
    "edit-unknown": "no edit is known for it",
    "files": "files it is about",
    "forward": "commits of the edit's file had it",
    "import-line": "an import",
    "length": "length of the line",
    "likely": "likely by its name",
    "mentions": "how often it is named",
    "model-says": "a model's yes or no",
    "neighbours": "equal lines around it",
    "no-edit": "only points there",
    "occurrences": "how often it stands there",
    "other-language": "in another language",
    "overlap": "words of the edit on the line",
    "places": "places it is about",
    "prior": "before anything else is known",
    "rare": "a rare word",
    "relevance": "its file was worked on lately",
    "relevance-text": "words shared with recent work",
    "same-class": "the same class of file",
    "same-definition": "in the same definition",
    "same-file": "in the file of the edit",
    "same-folder": "in the folder of the edit",
    "same-indent": "indented like the edit",
    "same-role": "stands in the same role",
    "share": "share that was done",
    "single-token": "one word was replaced",
    "together": "committed together before",
    "uncertain": "has to be confirmed",
    "whole-file": "about the file as a whole",
    "word-length": "length of the name",
    "your-answers": "learned from what you answered",
}


def meaning(name: str) -> str:
    """A phrase of at most 34 characters, or nothing where the name has to do."""
    kind, _, what = name.partition("at-")
    return MEANINGS.get(name, f"woken by {what}" if what and not kind else "")
