"""How computers mark a copy in a file's name, in the languages in which they do."""

import re
import unicodedata
from collections.abc import Iterable

# Windows has " - Copy" behind a name, the Mac " copy", Google Drive "Copy of" before it, each in the language
# of whoever copies; in some of these Colab adds that it is a notebook's. Jupyter has "-checkpoint" and
# "-Copy1", Linux " (copy)" and " (3rd copy)", a cloud " (conflicted copy 2026-11-02)".
_WORDS = (
    *("copy", "copie", "copiere", "copia", "copiar", "cópia", "còpia", "kopie", "kopia", "kópia", "kopi"),
    *("kopio", "kopija", "koopia", "kopya", "kopyası", "másolat", "másolata", "afrit", "salinan", "bản sao"),
    *("nakala",),
    *("αντίγραφο", "копия", "копія", "копие", "копија", "көшірмесі", "ასლი", "պատճեն"),
    *("עותק", "העתק", "نسخة", "کپی", "رونوشت", "कॉपी", "प्रति", "प्रतिलिपि", "অনুলিপি", "நகல்"),
    *("checkpoint", "shortcut"),
)
# In scripts that do not divide words, they stand at the name without a gap.
# fmt: off
_JOINED = (
    "コピー", "副本", "复件", "复制", "複製", "複本", "拷贝", "拷貝",
    "사본", "복사본", "สำเนาของ", "สำเนา",
)
# fmt: on
_OF = (
    *("of", "von", "de", "di", "van", "av", "af", "dari", "của", "από", "του", "το", "от", "на", "од"),
    *("של", "من", "از", "файла", "файлу", "souboru", "súboru", "pliku", "datoteke", "failist", "tiedostosta"),
    *("notatnika", "блокнота", "записника", "sešitu", "notebooku", "du notebook", "pentru", "з"),
)
_BETWEEN = ("の", "的", "의", "की", "adlı dosyanın", "adlı not defterinin", "dosyasının")
_ANOTHER = (
    *("another", "weitere", "autre", "otra", "altra", "andere", "outra", "kolejna", "další", "інша"),
    *("ещё одна", "еще одна", "другая"),
)


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of the words, the longest first; the Mac keeps accents apart from letters."""
    forms = {unicodedata.normalize(form, word) for word in words for form in ("NFC", "NFD")}
    return f"(?:{'|'.join(re.escape(one) for one in sorted(forms, key=len, reverse=True))})"


_GAP = r"[\s_:~～\"„“”«»「」–—-]"
_COPY, _NEAR, _LINK = map(any_of, (_WORDS, _JOINED, _OF))
_LEADS = rf"(?:(?:{any_of((*_BETWEEN, *_ANOTHER))}|\d(?:st|nd|rd|th|\.?[eaª]|\.)){_GAP}"
# No copy has a number of three digits. A number without brackets may be the lesson's: "Copy 03_graphs".
_NUMBER_BEFORE = rf"(?:{_GAP}?\(\d{{1,2}}\)|{_GAP}?\d{{1,2}}(?={_GAP}{{1,3}}{_LINK}{_GAP}))?"
_NUMBER_BEHIND = r"(?:[\s_]?\d{1,2})?\)?"
# Each mark can be read in one way, and there are few: a name that is made to be read in many takes no time.
_BEFORE = re.compile(
    rf"^(?:{_GAP}{{0,3}}(?:\(\d{{1,2}}\){_GAP}{{1,3}}"
    rf"|(?:{any_of(_ANOTHER)}{_GAP})?\(?(?:{_COPY}{_NUMBER_BEFORE}\)?{_GAP}{{1,3}}|{_NEAR}{_NUMBER_BEFORE}\)?{_GAP}{{0,3}})"
    rf"(?:{_LINK}{_GAP}{{1,3}}){{0,2}}))+",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"(?:{_GAP}{{0,3}}\(\d{{1,2}}\)|-\d{{1,2}}|\.ipynb"
    rf"|{_GAP}{{0,3}}\([^()]{{0,80}}conflicted copy[^()]{{0,40}}\)"
    rf"|(?:{_GAP}{{1,3}}|{_GAP}{{0,3}}\(){_LEADS}{{1,3}})?{_COPY}(?:{_GAP}{{1,3}}{_LINK}){{0,2}}{_NUMBER_BEHIND}"
    rf"|{_GAP}{{0,3}}\(?{_LEADS}{{0,3}})?{_NEAR}{_NUMBER_BEHIND}){{1,9}}{_GAP}{{0,3}}$",
    re.IGNORECASE,
)


def cut_copy(text: str) -> str:
    """Return a text without the marks of a copy; there may be nothing else in it.

    >>> [cut_copy(text) for text in ("Copy (2) of a", "a (copy)", "a - Másolat", "aのコピー 2", "Copier")]
    ['a', 'a', 'a', 'a', 'Copier']
    """
    return _BEHIND.sub("", _BEFORE.sub("", text.replace("%20", " ")))  # as browsers write a gap


def without_copy(stem: str) -> str:
    """Return a file's name without the marks of a copy; one that is nothing else is as it was."""
    return cut_copy(stem) or stem
