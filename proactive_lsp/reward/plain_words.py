"""Words without their endings, and those that do not say what a task is about."""

_ENDINGS = ("ing", "ions", "ion", "ies", "ed", "es", "er", "ly", "s", "e", "y")


def stem(word: str) -> str:
    """The word in lower case without its ending, as far as four letters are left.

    >>> [stem(word) for word in ("Searching", "valves", "valve", "queries", "query", "red")]
    ['search', 'valv', 'valv', 'quer', 'quer', 'red']
    """
    word = word.lower()
    ending = next((end for end in _ENDINGS if word.endswith(end) and len(word) - len(end) > 3), "")
    return word.removesuffix(ending)


def _stems(words: str) -> frozenset[str]:
    return frozenset(map(stem, words.split()))


# Of any English sentence.
ABOUT_NOTHING = _stems(
    "a an the and or of to in on for with from by at as is are was were be been being it its this "
    "that these those their they them you your i me my we our he she his her user users any some "
    "more most other such into about over under up down out off than then so if but not no do does "
    "did can could would should may might will has have had how what which who when where why "
    "there here also while during after before between within without each all both per via etc"
)
# Of any offer of help.
ABOUT_HELPING = _stems(
    "help assist assistance assisting provide providing offer suggest suggestion guide guidance "
    "support information info resource tip relevant related specific additional potential possible "
    "further based using use work task need needed find search give create explore check continue "
    "new better best practice recommend recommendation understand step detail detailed summarize "
    "summary tutorial example explain explanation current"
)
# Of any story about somebody at a computer: what they do with it, and not about what.
ABOUT_TOOLS = _stems(
    "click double open opened switch switched back scroll scrolled type typed tab browser page "
    "mouse press pressed enter key visual studio code web application navigate search google move "
    "website result editor link file look looks edited saved closed ran added removed became line "
    "lines new succeeded failed exit"
)
