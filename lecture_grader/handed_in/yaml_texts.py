"""A text as YAML writes it behind a key: as it is, in quotes, or in a block of its own."""

from __future__ import annotations

import re

_ENDS = r"(?:\s+#.*)?"
# In single quotes '' is one of them; in double quotes a backslash says what follows. A text may go on in the
# next line: where one ends is a gap.
_SINGLE = re.compile(rf"'((?:[^']|'')*)'{_ENDS}")
_DOUBLE = re.compile(rf'"((?:[^"\\]|\\[\s\S])*)"{_ENDS}')
_BLOCK = re.compile(r"[|>][-+\d]*\s*\n([\s\S]*)")
_NEW_LINE = re.compile(r"[ \t]*\n\s*")
_IN_DOUBLE = re.compile(rf"\\(?P<code>\n\s*|x.{{2}}|u.{{4}}|U.{{8}}|[\s\S])|(?P<line>{_NEW_LINE.pattern})")
_ESCAPED = dict(zip("tnre0N_\"/\\ '", "\t\n\r\x1b\0\x85\xa0\"/\\ '", strict=True))
_NOTHING = {"", "~", "null", "Null", "NULL"}


def text_in_yaml(written: str) -> str | None:
    r"""Return the text that is written so, "" for none; None where it is no text that is read here.

    >>> [text_in_yaml(written) for written in ("o'neil # hers", "'o''neil'", r'"Zo\xeb"', "~", "*1")]
    ["o'neil", "o'neil", 'Zoë', '', None]
    """
    written = re.sub(r"^&\w+\s+", "", written.strip())  # a name for it, by which it may be meant again
    if found := _SINGLE.fullmatch(written):
        return _NEW_LINE.sub(" ", found[1]).replace("''", "'")
    if found := _DOUBLE.fullmatch(written):
        try:
            return _IN_DOUBLE.sub(_meant, found[1])
        except (KeyError, ValueError):
            return None
    if found := _BLOCK.fullmatch(written):
        return _NEW_LINE.sub(" ", found[1].strip())
    plain = re.split(r"(?:^|\s+)#", written)[0]
    if plain in _NOTHING:
        return ""
    return None if plain[0] in "*&!|>'\"%@`[{" else _NEW_LINE.sub(" ", plain)


def _meant(found: re.Match[str]) -> str:
    code = found["code"]
    if code is None or code[0] == "\n":
        return " " if code is None else ""
    return chr(int(code[1:], 16)) if code[0] in "xuU" else _ESCAPED[code]
