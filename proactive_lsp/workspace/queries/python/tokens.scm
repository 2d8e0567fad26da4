; What single words are: a @use of a name, among those the @member ones that belong to something
; else (an attribute, the name of a keyword argument), and text that is no code at all.

(identifier) @use
(attribute attribute: (identifier) @member)
(keyword_argument name: (identifier) @member)

[(string_start) (string_content) (string_end)] @string
(comment) @comment
