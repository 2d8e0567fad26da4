(string_content) @string
(comment) @comment
