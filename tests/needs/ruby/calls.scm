(call receiver: (_)? @receiver method: (identifier) @name arguments: (_) @arguments) @call
