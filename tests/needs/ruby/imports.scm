(call
  !receiver
  method: (identifier) @is-require_relative
  arguments: (argument_list . (string (string_content) @module) .)) @import
