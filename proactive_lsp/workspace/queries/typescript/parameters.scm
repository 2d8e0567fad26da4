; One pattern per way to write a parameter; a @pattern takes its value apart and has no name, an
; @optional one may be left out. `this` is given by nobody.

(formal_parameters
  (required_parameter
    pattern: (identifier) @name
    type: (type_annotation (_) @annotation)?
    value: (_)? @default) @positional)
(formal_parameters
  (required_parameter
    pattern: [(object_pattern) (array_pattern)] @pattern
    type: (type_annotation (_) @annotation)?
    value: (_)? @default) @positional)
(formal_parameters
  (optional_parameter
    pattern: (identifier) @name
    type: (type_annotation (_) @annotation)?) @positional @optional)
(formal_parameters
  (optional_parameter
    pattern: [(object_pattern) (array_pattern)] @pattern
    type: (type_annotation (_) @annotation)?) @positional @optional)
(formal_parameters
  (required_parameter
    pattern: (rest_pattern (identifier) @name)
    type: (type_annotation (_) @annotation)?) @var-positional)
(formal_parameters
  (required_parameter
    pattern: (rest_pattern [(object_pattern) (array_pattern)] @pattern)
    type: (type_annotation (_) @annotation)?) @var-positional)
(arrow_function parameter: (identifier) @name @positional)
