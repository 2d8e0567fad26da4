; Where the grammar of JavaScript differs from that of TypeScript.

(class_declaration name: (identifier) @name body: (_) @body) @class

(class_body
  (field_definition
    property: [(property_identifier) (private_property_identifier)] @name
    value: [
      (arrow_function parameters: (_) @parameters body: (_) @body)
      (arrow_function parameter: (_) @parameters body: (_) @body)
      (function_expression parameters: (_) @parameters body: (_) @body)
    ]) @function)

(field_definition value: (arrow_function "async")) @async
(field_definition value: (function_expression "async")) @async
