; Text that is no code, and names that stand for nothing else: @key.

[(string_literal) (character_literal)] @string
[(line_comment) (block_comment)] @comment

(element_value_pair key: (identifier) @key)
(method_declaration name: (identifier) @key)
(annotation_type_element_declaration name: (identifier) @key)
