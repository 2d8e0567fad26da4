"""Make text from a session safe to print."""


def visible(text: str) -> str:
    """The text with everything that does not print (control, bidi, unassigned) as an escape.

    Tabs become spaces. What is left can neither move the cursor nor turn the line around.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode()
        for char in text.expandtabs(4)
    )
