; Items. An `impl` makes the functions in it methods of its type: @members; a module lends its name
; to what stands in it: @scope.

(function_item
  name: (identifier) @name
  parameters: (parameters) @parameters
  body: (_) @body) @function
(function_signature_item
  name: (identifier) @name
  parameters: (parameters) @parameters) @function

(struct_item name: (type_identifier) @name body: (_) @body) @class
(struct_item name: (type_identifier) @name !body) @class
(enum_item name: (type_identifier) @name body: (_) @body) @class
(union_item name: (type_identifier) @name body: (_) @body) @class
(trait_item name: (type_identifier) @name body: (_) @body) @class
(type_item name: (type_identifier) @name type: (_) @body) @class

(impl_item
  type: [
    (type_identifier) @name
    (generic_type type: (type_identifier) @name)
    (generic_type type: (scoped_type_identifier name: (type_identifier) @name))
    (scoped_type_identifier name: (type_identifier) @name)
  ]) @members
(impl_item
  type: [(reference_type) (tuple_type) (array_type) (primitive_type) (dynamic_type)]) @members
(mod_item name: (identifier) @name body: (_)) @scope

(function_item (function_modifiers "async")) @async
(function_signature_item (function_modifiers "async")) @async
