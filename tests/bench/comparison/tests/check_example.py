#!/usr/bin/env python3
"""Says whether a document shows a source as it is: check_example.py SOURCE DOCUMENT. Exit status 1 when it does not."""

import sys
from pathlib import Path

source, document = (Path(name).read_text(encoding="utf-8") for name in sys.argv[1:])
if f"```cpp\n{source}```\n" not in document:
    sys.exit(f"{sys.argv[2]} does not show {sys.argv[1]} as it is")
