"""Spreadsheets, as ministries keep them: read → map → preview → apply; and written, to be read again unchanged."""
