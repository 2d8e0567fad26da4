; Of a static import the class is the @module and the member the @name.

(import_declaration
  (scoped_identifier scope: (_) @module name: (identifier) @name) . ";") @import
(import_declaration (identifier) @module . ";") @import
(import_declaration (_) @module . "." . (asterisk) @name) @import
