[(identifier) (type_identifier) (field_identifier) (package_identifier)] @use
(field_identifier) @member

(comment) @comment
