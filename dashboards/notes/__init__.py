"""The two printed pages of an interministerial meeting: one content, three outputs (page, PDF, ODT)."""
