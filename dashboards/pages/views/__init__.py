"""One module a family of pages. A view reads its question, asks the situation, and hands plain values over."""
