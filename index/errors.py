"""Everything that can go wrong below the answer, as one tree.  Messages are Chinese, for people, and say what to do.

WenbaoError
├── LoadError              a file cannot be read as a report
│   ├── UnknownFormat      the ending or the content is of no known kind
│   ├── EmptyDocument      nothing to read in it
│   ├── DocumentTooLarge   over the limits on size, pages or line length
│   └── MissingMetadata    region or year can be found nowhere; the user must give them
├── IndexUnusable         an index cannot be used
│   ├── IndexMissing       nothing has been indexed yet
│   ├── IndexMismatch      built by another version or another embedding model
│   ├── IndexDamaged       a file is missing or its hash is wrong
│   ├── IndexLocked        somebody else is writing
│   └── IndexUnwritable    the disk is full or may not be written
├── UnknownReport          no report of that id
├── ModelMissing           a model's files or package are not there
└── SettingsError          a setting is unknown or impossible
"""

from __future__ import annotations


class WenbaoError(Exception):
    """Base of all; `str(error)` is the message for people."""


class LoadError(WenbaoError):
    pass


class UnknownFormat(LoadError):
    pass


class EmptyDocument(LoadError):
    pass


class DocumentTooLarge(LoadError):
    pass


class MissingMetadata(LoadError):
    pass


class IndexUnusable(WenbaoError):
    pass


class IndexMissing(IndexUnusable):
    pass


class IndexMismatch(IndexUnusable):
    pass


class IndexDamaged(IndexUnusable):
    pass


class IndexLocked(IndexUnusable):
    pass


class IndexUnwritable(IndexUnusable):
    pass


class UnknownReport(WenbaoError):
    pass


class ModelMissing(WenbaoError):
    pass


class ModelFailed(WenbaoError):
    pass


class SettingsError(WenbaoError):
    pass
