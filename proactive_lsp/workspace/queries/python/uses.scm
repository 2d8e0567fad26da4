; A @use of a name; among those the @member ones, which belong to something else: an attribute, the
; name of a keyword argument. A @comment is no part of the code.

(identifier) @use
(attribute attribute: (identifier) @member)
(keyword_argument name: (identifier) @member)

(comment) @comment
