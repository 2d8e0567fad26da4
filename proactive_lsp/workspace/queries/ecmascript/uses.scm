; A @use of a name; among those the @member ones, which belong to something else.

[
  (identifier)
  (property_identifier)
  (private_property_identifier)
  (shorthand_property_identifier)
  (shorthand_property_identifier_pattern)
] @use
[(property_identifier) (private_property_identifier)] @member

(comment) @comment
