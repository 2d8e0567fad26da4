; The leaves of a `use` tree. A @prefix stands before the module of all imports @within its braces;
; the range of an import is that of the @statement around it.

(use_declaration) @statement
(scoped_use_list path: (_) @prefix list: (use_list) @within)

(use_declaration argument: (identifier) @module) @import
(use_declaration
  argument: (scoped_identifier path: (_) @module name: (identifier) @name)) @import
(use_list [(identifier) (super) (crate)] @name @import)
(use_list (scoped_identifier path: (_) @module name: (identifier) @name) @import)
(use_list (self) @module @import)
(use_as_clause path: (identifier) @name alias: (identifier) @alias) @import
(use_as_clause
  path: (scoped_identifier path: (_) @module name: (identifier) @name)
  alias: (identifier) @alias) @import
(use_as_clause path: (self) @module alias: (identifier) @alias) @import
(use_wildcard (_) @module "*" @name) @import
(use_wildcard . "*" @name) @import

(extern_crate_declaration name: (identifier) @module !alias) @import
(extern_crate_declaration name: (identifier) @module alias: (identifier) @alias) @import
