"""HTTP: the server's protocol, middleware, and reading of request bodies."""
