; One pattern per way to write a parameter; a @pattern takes its value apart and has no name.

(formal_parameters (identifier) @name @positional)
(arrow_function parameter: (identifier) @name @positional)
(formal_parameters [(object_pattern) (array_pattern)] @pattern @positional)
(formal_parameters
  (assignment_pattern left: (identifier) @name right: (_) @default) @positional)
(formal_parameters
  (assignment_pattern
    left: [(object_pattern) (array_pattern)] @pattern right: (_) @default) @positional)
(formal_parameters (rest_pattern (identifier) @name) @var-positional)
(formal_parameters (rest_pattern [(object_pattern) (array_pattern)] @pattern) @var-positional)
