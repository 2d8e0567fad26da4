; Calls of methods, and of constructors by `new`.

(method_invocation !object name: (identifier) @name arguments: (_) @arguments) @call
(method_invocation object: (_) @receiver name: (identifier) @name arguments: (_) @arguments) @call

(object_creation_expression
  type: [
    (type_identifier) @name
    (generic_type . (type_identifier) @name)
    (scoped_type_identifier (_) @receiver (type_identifier) @name .)
    (generic_type . (scoped_type_identifier (_) @receiver (type_identifier) @name .))
  ]
  arguments: (_) @arguments) @call
