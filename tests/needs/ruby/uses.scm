[(identifier) (constant)] @use
(comment) @comment
