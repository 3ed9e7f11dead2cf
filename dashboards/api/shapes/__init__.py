"""What answers hold: beside each declared shape, the function that fills it. A test compares the two."""
