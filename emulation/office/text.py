"""Text on its way into an office file."""

from __future__ import annotations

import re
import unicodedata

# All that XML 1.0 forbids: control characters, halves of surrogate pairs, two non-characters.
_ILLEGAL = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c]")


def legal_text(text: str) -> str:
    """Return the text as XML can carry it: composed, with plain line ends, nothing forbidden."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", _ILLEGAL.sub("", _LINE_ENDS.sub("\n", text)))
