; Each name of `a, b int` is a parameter; one that has only a type is a @pattern, which has no name.
; Those of a function type are nobody's parameters, so each kind of definition is named.

(function_declaration
  parameters: (parameter_list
    (parameter_declaration name: (identifier) @name @positional type: (_) @annotation)))
(method_declaration
  parameters: (parameter_list
    (parameter_declaration name: (identifier) @name @positional type: (_) @annotation)))
(method_elem
  parameters: (parameter_list
    (parameter_declaration name: (identifier) @name @positional type: (_) @annotation)))
(func_literal
  parameters: (parameter_list
    (parameter_declaration name: (identifier) @name @positional type: (_) @annotation)))

(function_declaration
  parameters: (parameter_list
    (parameter_declaration !name type: (_) @pattern @annotation) @positional))
(method_declaration
  parameters: (parameter_list
    (parameter_declaration !name type: (_) @pattern @annotation) @positional))
(method_elem
  parameters: (parameter_list
    (parameter_declaration !name type: (_) @pattern @annotation) @positional))
(func_literal
  parameters: (parameter_list
    (parameter_declaration !name type: (_) @pattern @annotation) @positional))

(function_declaration
  parameters: (parameter_list
    (variadic_parameter_declaration name: (identifier) @name type: (_) @annotation) @var-positional))
(method_declaration
  parameters: (parameter_list
    (variadic_parameter_declaration name: (identifier) @name type: (_) @annotation) @var-positional))
(method_elem
  parameters: (parameter_list
    (variadic_parameter_declaration name: (identifier) @name type: (_) @annotation) @var-positional))
(func_literal
  parameters: (parameter_list
    (variadic_parameter_declaration name: (identifier) @name type: (_) @annotation) @var-positional))

(function_declaration
  parameters: (parameter_list
    (variadic_parameter_declaration !name type: (_) @pattern @annotation) @var-positional))
(method_declaration
  parameters: (parameter_list
    (variadic_parameter_declaration !name type: (_) @pattern @annotation) @var-positional))
(method_elem
  parameters: (parameter_list
    (variadic_parameter_declaration !name type: (_) @pattern @annotation) @var-positional))
(func_literal
  parameters: (parameter_list
    (variadic_parameter_declaration !name type: (_) @pattern @annotation) @var-positional))
