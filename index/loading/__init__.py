"""Source files → reports: one module a format, metadata from text and file name."""

from index.loading.archive import unpack
from index.loading.formats import ARCHIVE, supported_endings
from index.loading.parsing import ParseReport
from index.loading.reports import load_report, read_report
from index.loading.versions import Likeness, likeness

__all__ = [
    "ARCHIVE",
    "Likeness",
    "ParseReport",
    "likeness",
    "load_report",
    "read_report",
    "supported_endings",
    "unpack",
]
