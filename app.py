"""`python app.py`: settings, an assistant over them, a page in front of it."""

from __future__ import annotations

import sys

from index.errors import WenbaoError
from rag.settings import Settings
from web.server import serve


def main() -> int:
    try:
        serve(Settings.load())
    except WenbaoError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
