"""The API's addresses, by subject."""
