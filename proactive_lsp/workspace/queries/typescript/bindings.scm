; What TypeScript binds beyond JavaScript: types, and parameters with a type.

(type_identifier) @use
(nested_type_identifier name: (type_identifier) @other)

(class_declaration name: (type_identifier) @bind)
(class name: (type_identifier) @bind)
(abstract_class_declaration name: (type_identifier) @bind)
(interface_declaration name: (type_identifier) @bind)
(type_alias_declaration name: (type_identifier) @bind)
(enum_declaration name: (identifier) @bind)
(internal_module name: (identifier) @bind)
(module name: (identifier) @bind)
(function_signature name: (identifier) @bind)

(required_parameter pattern: (identifier) @bind)
(optional_parameter pattern: (identifier) @bind)
(index_signature name: (identifier) @bind)
(type_parameter name: (type_identifier) @bind)
(infer_type (type_identifier) @bind)
(mapped_type_clause name: (type_identifier) @bind)
