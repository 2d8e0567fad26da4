; A package is used under its @alias or under a name that its path only suggests; @everything brings all.

(import_spec !name path: (_ (interpreted_string_literal_content) @module)) @import
(import_spec
  name: [(package_identifier) (blank_identifier)] @alias
  path: (_ (interpreted_string_literal_content) @module)) @import
(import_spec name: (dot) @everything path: (_ (interpreted_string_literal_content) @module)) @import
