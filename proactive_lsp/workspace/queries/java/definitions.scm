; Types and what they are made of. A constructor is a method with the name of its class; a record
; takes the parameters that stand behind its name.

(class_declaration name: (identifier) @name body: (_) @body) @class
(interface_declaration name: (identifier) @name body: (_) @body) @class
(enum_declaration name: (identifier) @name body: (_) @body) @class
(annotation_type_declaration name: (identifier) @name body: (_) @body) @class
(record_declaration
  name: (identifier) @name
  parameters: (formal_parameters) @parameters
  body: (_) @body) @class

(method_declaration
  name: (identifier) @name
  parameters: (formal_parameters) @parameters
  body: (_)? @body) @function
(constructor_declaration
  name: (identifier) @name
  parameters: (formal_parameters) @parameters
  body: (_) @body) @function

(object_creation_expression (class_body) @members)
(enum_constant name: (identifier) @name body: (class_body) @members)
