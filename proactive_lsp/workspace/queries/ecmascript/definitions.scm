; What JavaScript and TypeScript have in common. A @members stretch makes the functions in it
; methods of its @name, or of nobody who could be called by name; a @scope only lends its name.

(function_declaration
  name: (identifier) @name
  parameters: (formal_parameters) @parameters
  body: (_) @body) @function
(generator_function_declaration
  name: (identifier) @name
  parameters: (formal_parameters) @parameters
  body: (_) @body) @function

(variable_declarator
  name: (identifier) @name
  value: [
    (arrow_function parameters: (_) @parameters body: (_) @body)
    (arrow_function parameter: (_) @parameters body: (_) @body)
    (function_expression parameters: (_) @parameters body: (_) @body)
    (generator_function parameters: (_) @parameters body: (_) @body)
  ]) @function
(variable_declarator name: (identifier) @name value: (class body: (_) @body)) @class

; exports.name = function () {}, module.exports.name = …
(assignment_expression
  left: (member_expression
    object: [
      (identifier) @is-exports
      (member_expression object: (identifier) @is-module property: (property_identifier) @is-exports)
    ]
    property: (property_identifier) @name)
  right: [
    (arrow_function parameters: (_) @parameters body: (_) @body)
    (function_expression parameters: (_) @parameters body: (_) @body)
  ]) @function
; Name.prototype.method = function () {}
(assignment_expression
  left: (member_expression
    object: (member_expression
      object: (identifier) @owner
      property: (property_identifier) @is-prototype)
    property: (property_identifier) @name)
  right: (function_expression parameters: (_) @parameters body: (_) @body)) @function

; The export that has no name of its own is called "default".
(export_statement
  "default" @name
  value: [
    (arrow_function parameters: (_) @parameters body: (_) @body)
    (arrow_function parameter: (_) @parameters body: (_) @body)
    (function_expression !name parameters: (_) @parameters body: (_) @body)
  ] @function)
(export_statement "default" @name value: (class !name body: (_) @body) @class)
(export_statement "default" @decorator declaration: (_) @decorated) @whole

(class_body
  (method_definition
    name: [(property_identifier) (private_property_identifier)] @name
    parameters: (_) @parameters
    body: (_) @body) @function)

; const api = { get() {}, put: () => {} }
(variable_declarator name: (identifier) @name value: (object) @members)
(variable_declarator
  value: (object
    (method_definition
      name: (property_identifier) @name
      parameters: (_) @parameters
      body: (_) @body) @function))
(variable_declarator
  value: (object
    (pair
      key: (property_identifier) @name
      value: [
        (arrow_function parameters: (_) @parameters body: (_) @body)
        (arrow_function parameter: (_) @parameters body: (_) @body)
        (function_expression parameters: (_) @parameters body: (_) @body)
      ]) @function))

(return_statement (class) @members)
(arguments (class) @members)
(arrow_function body: (class) @members)

(function_declaration "async") @async
(generator_function_declaration "async") @async
(method_definition "async") @async
(variable_declarator value: (arrow_function "async")) @async
(variable_declarator value: (function_expression "async")) @async
(pair value: (arrow_function "async")) @async
