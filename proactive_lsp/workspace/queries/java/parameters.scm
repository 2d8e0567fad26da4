(formal_parameters
  (formal_parameter type: (_) @annotation name: (identifier) @name) @positional)
(formal_parameters
  (spread_parameter
    (variable_declarator name: (identifier) @name)) @var-positional)
