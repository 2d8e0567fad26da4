; Names as a scope sees them: what is used (@use), what it binds (@bind), and what looks like either
; but belongs to something else (@other). Names in an @import are neither; the outline has those.

(identifier) @use
(attribute attribute: (identifier) @other)
(keyword_argument name: (identifier) @other)
(keyword_pattern (identifier) @other)
(dotted_name (identifier) (identifier) @other)
[(import_statement) (import_from_statement) (future_import_statement)] @import

(function_definition name: (identifier) @bind)
(class_definition name: (identifier) @bind)
(function_definition type_parameters: (type_parameter (type (identifier) @bind)))
(class_definition type_parameters: (type_parameter (type (identifier) @bind)))
(type_parameter (type (constrained_type . (type (identifier) @bind))))
(type_alias_statement left: (type (identifier) @bind))
(type_alias_statement left: (type (generic_type . (identifier) @bind)))
(type_alias_statement
  left: (type (generic_type (type_parameter (type (identifier) @bind)))))

(parameters (identifier) @bind)
(lambda_parameters (identifier) @bind)
(typed_parameter . (identifier) @bind)
(default_parameter name: (identifier) @bind)
(typed_default_parameter name: (identifier) @bind)
(list_splat_pattern (identifier) @bind)
(dictionary_splat_pattern (identifier) @bind)

(assignment left: (identifier) @bind)
(augmented_assignment left: (identifier) @bind)
(named_expression name: (identifier) @bind)
(for_statement left: (identifier) @bind)
(for_in_clause left: (identifier) @bind)
(pattern_list (identifier) @bind)
(tuple_pattern (identifier) @bind)
(list_pattern (identifier) @bind)
(as_pattern_target (identifier) @bind)
(global_statement (identifier) @bind)
(nonlocal_statement (identifier) @bind)

(case_pattern (dotted_name . (identifier) @bind .))
(as_pattern (case_pattern) (identifier) @bind)
(splat_pattern (identifier) @bind)

(string) @string
(comment) @comment
