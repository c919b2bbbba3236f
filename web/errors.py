"""What can go wrong on the way in and out, under the tree of `index.errors`; messages are for people.

WenbaoError
├── AccountError       a name, password, role or group that cannot be taken
├── Cancelled          the person asked to stop; nothing was changed
├── NotAllowed         the visitor's role does not reach so far, or the request comes from another site
├── RecordsUnusable    the database of users and questions cannot be opened or written
├── SignInNeeded       nobody is signed in, or the key is wrong
├── TooManyQuestions   more questions than are allowed in a minute
├── TooMuchSent        a request or file over the limit
├── UnknownAnswer      no answer of that number, or not the visitor's own
└── UnknownConversation  no conversation of that number, or not the visitor's own
"""

from __future__ import annotations

from index.errors import WenbaoError


class AccountError(WenbaoError):
    pass


class Cancelled(WenbaoError):
    pass


class NotAllowed(WenbaoError):
    pass


class RecordsUnusable(WenbaoError):
    pass


class SignInNeeded(WenbaoError):
    pass


class Stopping(WenbaoError):
    pass


class TooManyQuestions(WenbaoError):
    pass


class TooMuchSent(WenbaoError):
    pass


class UnknownAnswer(WenbaoError):
    pass


class UnknownConversation(WenbaoError):
    pass
