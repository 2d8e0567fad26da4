"""Tasks from the event story by a local model, and accepted tasks carried out."""
