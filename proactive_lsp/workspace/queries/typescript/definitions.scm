; Where the grammar of TypeScript differs from that of JavaScript, and what it has beside. Without
; a @body a definition only declares what another one, or nobody, says.

(class_declaration name: (type_identifier) @name body: (_) @body) @class
(abstract_class_declaration name: (type_identifier) @name body: (_) @body) @class
(interface_declaration name: (type_identifier) @name body: (_) @body) @class
(type_alias_declaration name: (type_identifier) @name value: (_) @body) @class
(enum_declaration name: (identifier) @name body: (_) @body) @class
(internal_module name: (_) @name body: (_)) @scope
(module name: (identifier) @name body: (_)) @scope

(function_signature name: (identifier) @name parameters: (_) @parameters) @function
(method_signature
  name: [(property_identifier) (private_property_identifier)] @name
  parameters: (_) @parameters) @function
(abstract_method_signature
  name: [(property_identifier) (private_property_identifier)] @name
  parameters: (_) @parameters) @function

(class_body
  (public_field_definition
    name: [(property_identifier) (private_property_identifier)] @name
    value: [
      (arrow_function parameters: (_) @parameters body: (_) @body)
      (arrow_function parameter: (_) @parameters body: (_) @body)
      (function_expression parameters: (_) @parameters body: (_) @body)
    ]) @function)

(public_field_definition value: (arrow_function "async")) @async
(public_field_definition value: (function_expression "async")) @async
