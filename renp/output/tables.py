"""Tables of numbers as CSV.

In: columns. Out: bytes that read back exactly.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

__all__ = ["csv_bytes"]


def csv_bytes(columns: Mapping[str, Sequence[object]]) -> bytes:
    """Return columns of one length as CSV, headings first; floats with all digits that they need.

    Example
    -------
    >>> csv_bytes({"coupling": ["tensor.t[1,1]"], "chi2": [0.1]})
    b'coupling,chi2\\n"tensor.t[1,1]",0.1\\n'
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return stream.getvalue().encode("utf-8")
