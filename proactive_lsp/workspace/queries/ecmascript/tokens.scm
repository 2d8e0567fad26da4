; Text that is no code. A template is a string but for what is substituted in it. @key names a
; property and nothing else; a @shorthand names a property and, at once, its value.

(string) @string
(template_string ["`" (string_fragment) (escape_sequence)] @string)
(regex) @string
(comment) @comment

(pair key: (property_identifier) @key)
(pair_pattern key: (property_identifier) @key)
(method_definition name: [(property_identifier) (private_property_identifier)] @key)
(labeled_statement label: (_) @key)

(arguments (object (shorthand_property_identifier) @shorthand))
(array (object (shorthand_property_identifier) @shorthand))
(pair value: (object (shorthand_property_identifier) @shorthand))
(return_statement (object (shorthand_property_identifier) @shorthand))
(variable_declarator value: (object (shorthand_property_identifier) @shorthand))
(parenthesized_expression (object (shorthand_property_identifier) @shorthand))
