"""Source files → reports: one module a format, metadata from text and file name."""

from index.loading.formats import supported_endings
from index.loading.reports import load_report

__all__ = ["load_report", "supported_endings"]
