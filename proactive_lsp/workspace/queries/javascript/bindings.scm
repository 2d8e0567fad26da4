; What JavaScript's grammar calls otherwise than TypeScript's.

(class_declaration name: (identifier) @bind)
(class name: (identifier) @bind)
(formal_parameters (identifier) @bind)
