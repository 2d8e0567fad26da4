; Text that is no code, and the names of fields: @key.

[(string_literal) (raw_string_literal) (char_literal)] @string
[(line_comment) (block_comment)] @comment

(field_declaration name: (field_identifier) @key)
(field_initializer field: (field_identifier) @key)
(shorthand_field_initializer (identifier) @shorthand)
(function_item name: (identifier) @key)
(function_signature_item name: (identifier) @key)
