; Names as a scope sees them: what is used (@use), what it binds (@bind), and what looks like either
; but belongs to something else (@other). Names in an @import are neither; the outline has those.

[(identifier) (shorthand_property_identifier)] @use
[(shorthand_property_identifier_pattern)] @bind
(export_specifier alias: (identifier) @other)
[(import_statement) (export_statement source: (_))] @import

(function_declaration name: (identifier) @bind)
(generator_function_declaration name: (identifier) @bind)
(function_expression name: (identifier) @bind)

(variable_declarator name: (identifier) @bind)
(for_in_statement left: (identifier) @bind)
(catch_clause parameter: (identifier) @bind)
(arrow_function parameter: (identifier) @bind)
(pair_pattern value: (identifier) @bind)
(array_pattern (identifier) @bind)
(rest_pattern (identifier) @bind)
(assignment_pattern left: (identifier) @bind)
