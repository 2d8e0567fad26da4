(jsx_text) @string
(jsx_attribute . (property_identifier) @key)
