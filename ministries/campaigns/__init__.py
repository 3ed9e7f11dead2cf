"""The quarter's ask: opening it, what it expects, what was answered, closing it into a frozen edition."""
