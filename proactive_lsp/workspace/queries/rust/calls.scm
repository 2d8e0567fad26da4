; Calls of functions and methods; the receiver of `a::b()` is the path before the last "::".
; What a macro is given is no call to anybody but the macro.

(call_expression
  function: [
    (identifier) @name
    (field_expression value: (_) @receiver field: (field_identifier) @name)
    (scoped_identifier path: (_) @receiver name: (identifier) @name)
    (generic_function
      function: [
        (identifier) @name
        (field_expression value: (_) @receiver field: (field_identifier) @name)
        (scoped_identifier path: (_) @receiver name: (identifier) @name)
      ])
  ]
  arguments: (arguments) @arguments) @call
