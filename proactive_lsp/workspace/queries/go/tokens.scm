; Text that is no code, and the names of fields: @key.

[(interpreted_string_literal) (raw_string_literal) (rune_literal)] @string
(comment) @comment

(field_declaration name: (field_identifier) @key)
(method_elem name: (field_identifier) @key)
(method_declaration name: (field_identifier) @key)
(keyed_element key: (literal_element (identifier) @key))
(labeled_statement label: (_) @key)
