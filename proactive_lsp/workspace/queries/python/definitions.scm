; What is defined here: the whole as @function or @class, its @name, @parameters and @body.

(function_definition
  name: (identifier) @name
  parameters: (parameters) @parameters
  body: (_) @body) @function

; A match of its own, since not every function has one.
(function_definition "async" @async)

(class_definition
  name: (identifier) @name
  body: (_) @body) @class

(decorated_definition
  (decorator (_) @decorator)
  definition: (_) @decorated) @whole
