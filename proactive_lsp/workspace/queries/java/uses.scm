[(identifier) (type_identifier)] @use
(field_access field: (identifier) @member)
(method_invocation name: (identifier) @member)
(element_value_pair key: (identifier) @member)

[(line_comment) (block_comment)] @comment
