; One pattern per way to write a parameter. The capture of the whole says how it takes its value;
; @after and @before are the bare "*" and "/": by name alone after it, by position alone before it.

(parameters (identifier) @name @positional)
(parameters (typed_parameter . (identifier) @name type: (_) @annotation) @positional)
(parameters
  (default_parameter name: (identifier) @name value: (_) @default) @positional)
(parameters
  (typed_default_parameter
    name: (identifier) @name type: (_) @annotation value: (_) @default) @positional)

(parameters (list_splat_pattern (identifier) @name) @var-positional)
(parameters
  (typed_parameter
    . (list_splat_pattern (identifier) @name) type: (_) @annotation) @var-positional)

(parameters (dictionary_splat_pattern (identifier) @name) @var-keyword)
(parameters
  (typed_parameter
    . (dictionary_splat_pattern (identifier) @name) type: (_) @annotation) @var-keyword)

(parameters (keyword_separator) @after)
(parameters (positional_separator) @before)
