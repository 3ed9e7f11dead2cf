"""Files that come with a form: beyond ten megabytes nothing is kept of them, whatever was announced."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from ministries.sheets.bounds import LARGEST_FILE


class Bounded(FileUploadHandler):
    """Before every other handler. The rest is read and thrown away, so that the browser gets its answer."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.too_large = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > LARGEST_FILE:
            self.too_large = True
            raise StopUpload
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        return None


def bounded(request: HttpRequest) -> Bounded:
    """Put the bound in place: to be called before anything reads the form."""
    handler = Bounded(request)
    request.upload_handlers = [handler, *request.upload_handlers]
    return handler
