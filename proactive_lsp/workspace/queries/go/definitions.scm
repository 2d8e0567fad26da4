; Functions and types of a package. A method stands beside its type and names it: @owner.

(function_declaration
  name: (identifier) @name
  parameters: (parameter_list) @parameters
  body: (_)? @body) @function

(method_declaration
  receiver: (parameter_list
    (parameter_declaration
      type: [
        (type_identifier) @owner
        (pointer_type (type_identifier) @owner)
        (generic_type type: (type_identifier) @owner)
        (pointer_type (generic_type type: (type_identifier) @owner))
      ]))
  name: (field_identifier) @name
  parameters: (parameter_list) @parameters
  body: (_)? @body) @function

(method_elem
  name: (field_identifier) @name
  parameters: (parameter_list) @parameters) @function

(type_spec name: (type_identifier) @name type: (_) @body) @class
(type_alias name: (type_identifier) @name type: (_) @body) @class

(var_spec
  name: (identifier) @name
  value: (expression_list
    . (func_literal parameters: (parameter_list) @parameters body: (_) @body) .)) @function
(short_var_declaration
  left: (expression_list . (identifier) @name .)
  right: (expression_list
    . (func_literal parameters: (parameter_list) @parameters body: (_) @body) .)) @function
