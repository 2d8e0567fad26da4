; One pattern per way to write a parameter; a @pattern takes its value apart and has no name. `self`
; is what a method is called on.

(parameters (parameter pattern: (identifier) @name type: (_) @annotation) @positional)
(parameters
  (parameter
    pattern: [
      "_"
      (tuple_pattern)
      (struct_pattern)
      (tuple_struct_pattern)
      (reference_pattern)
      (slice_pattern)
      (ref_pattern)
      (mut_pattern)
    ] @pattern
    type: (_) @annotation) @positional)
(parameters (variadic_parameter) @pattern @var-positional)
