"""Files made of rows, the same for pages and for the API."""

from dashboards.files.tables import csv_bytes, csv_pieces, file_name, spreadsheet_safe

__all__ = ["csv_bytes", "csv_pieces", "file_name", "spreadsheet_safe"]
