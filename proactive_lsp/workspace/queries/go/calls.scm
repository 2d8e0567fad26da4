(call_expression
  function: [
    (identifier) @name
    (selector_expression operand: (_) @receiver field: (field_identifier) @name)
  ]
  arguments: (argument_list) @arguments) @call
