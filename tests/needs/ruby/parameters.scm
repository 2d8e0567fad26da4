(method_parameters (identifier) @name @positional)
(method_parameters (optional_parameter name: (_) @name value: (_) @default) @positional)
(method_parameters (splat_parameter name: (_) @name) @var-positional)
