[
  (identifier)
  (type_identifier)
  (field_identifier)
  (shorthand_field_identifier)
] @use
(field_identifier) @member

[(line_comment) (block_comment)] @comment
