; A call of something with a name, `new` included; `?.` and `!.` are dots, too.

(call_expression
  function: [
    (identifier) @name
    (member_expression
      object: (_) @receiver
      property: [(property_identifier) (private_property_identifier)] @name)
  ]
  arguments: (arguments) @arguments) @call

(new_expression
  constructor: [
    (identifier) @name
    (member_expression object: (_) @receiver property: (property_identifier) @name)
  ]
  arguments: (arguments) @arguments) @call
