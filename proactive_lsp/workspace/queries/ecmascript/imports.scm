; ES modules. `import x from` and `export … from` have their say, too: @default is a name for what
; is called "default" over there. An @import with neither @name nor @alias binds nothing.

(import_statement
  (import_clause (identifier) @default)
  source: (string (string_fragment) @module)) @import
(import_statement
  (import_clause (namespace_import (identifier) @alias))
  source: (string (string_fragment) @module)) @import
(import_statement
  (import_clause (named_imports (import_specifier name: (identifier) @name !alias)))
  source: (string (string_fragment) @module)) @import
(import_statement
  (import_clause (named_imports (import_specifier name: (_) @name alias: (identifier) @alias)))
  source: (string (string_fragment) @module)) @import
(import_statement . "import" . source: (string (string_fragment) @module)) @import

(export_statement
  (export_clause (export_specifier name: (identifier) @name !alias))
  source: (string (string_fragment) @module)) @import
(export_statement
  (export_clause (export_specifier name: (identifier) @name alias: (_) @alias))
  source: (string (string_fragment) @module)) @import
(export_statement "*" @name source: (string (string_fragment) @module)) @import
(export_statement
  (namespace_export (identifier) @alias)
  source: (string (string_fragment) @module)) @import

; CommonJS: const a = require("b"), const { c, d: e } = require("b")
(variable_declarator
  name: (identifier) @alias
  value: (call_expression
    function: (identifier) @is-require
    arguments: (arguments . (string (string_fragment) @module) .))) @import
(variable_declarator
  name: (object_pattern (shorthand_property_identifier_pattern) @name)
  value: (call_expression
    function: (identifier) @is-require
    arguments: (arguments . (string (string_fragment) @module) .))) @import
(variable_declarator
  name: (object_pattern
    (pair_pattern key: (property_identifier) @name value: (identifier) @alias))
  value: (call_expression
    function: (identifier) @is-require
    arguments: (arguments . (string (string_fragment) @module) .))) @import
