; A call of something with a name; @receiver is what stands before the last dot.

(call
  function: [
    (identifier) @name
    (attribute object: (_) @receiver attribute: (identifier) @name)
  ]
  arguments: (_) @arguments) @call
