"""Why something was offered, or nothing was: values to keep, pages to read, and their Markdown."""
