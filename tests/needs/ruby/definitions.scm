(method name: (identifier) @name parameters: (_)? @parameters body: (_)? @body) @function
(class name: (constant) @name body: (_)? @body) @class
(module name: (constant) @name body: (_)? @body) @members
