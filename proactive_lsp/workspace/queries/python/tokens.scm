; Text that is no code: what stands in strings, and comments.

[(string_start) (string_content) (string_end)] @string
(comment) @comment
