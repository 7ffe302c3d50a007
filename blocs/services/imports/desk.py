"""What planning an import knows: the register, what the sheets have said so far, what to tell."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from blocs.selectors.register import Known, PersonEntry, Register
from blocs.services.imports.cells import nearest
from blocs.services.people import free_username, username_stem
from emulation.vietnamese import fold, format_date

MOST_HINTS = 50


@dataclass(slots=True)
class Someone:
    """A person: one the board knows, or one that a row of the sheet brings in (``row``)."""

    username: str
    full_name: str
    known: Known | None = None
    row: int = 0
    said: dict[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The log-in name without regard to case."""
        return self.username.casefold()

    def is_called(self, name: str) -> bool:
        """Return whether this is the name, letter by letter but for case."""
        return self.full_name.casefold() == name.casefold()

    def blank_entry(self) -> PersonEntry:
        """Return a row of this person without a post yet."""
        entry = PersonEntry()
        if self.known:
            entry.username, entry.user_pk = self.known.username, self.known.pk
            entry.full_name = self.known.full_name
            entry.phone, entry.email = self.known.phone, self.known.email
        return entry


class Desk:
    """The names in use, by which rows refer to each other, and the notices gathered.

    A name that a row of the workbook brings in counts even where that row has an error: one
    mistake is told once.
    """

    def __init__(self, register: Register) -> None:
        self.register = register
        self.units = {key: entry.name for key, entry in register.units.items()}
        self.blocs = {key: entry.name for key, entry in register.blocs.items()}
        self.years: set[tuple[str, int]] = set(register.years)
        self.people = {
            key: Someone(known.username, known.full_name, known)
            for key, known in register.people.items()
        }
        self.reserved: set[str] = set()
        self.notices: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._hints: dict[tuple[int, str], str] = {}
        self._stems: dict[str, set[str]] = defaultdict(set)
        self._places: dict[tuple[str, str], list[Someone]] = defaultdict(list)
        self._namesakes: dict[str, list[Someone]] = defaultdict(list)
        for person in self.people.values():
            self._namesakes[fold(person.full_name)].append(person)
        for key in register.usernames:
            self._take(key)
        for (username, place, _), entry in register.posts.items():
            self.place(self.people[username], entry.full_name, place)

    def note(self, sheet: str, row: int, text: str) -> None:
        """Say something about a row that is no error."""
        self.notices[sheet, text].append(row)

    # ------------------------------------------------------------ names

    def unit(self, text: str) -> str:
        """Return the unit's name as the register writes it."""
        found = self.units.get(fold(text))
        if found is None:
            became = self.register.former.get(fold(text), "")
            raise ValueError(
                became
                or "Không có đơn vị này ở trang “Đơn vị” và trong hệ thống. Đề nghị sửa "
                f"tên, hoặc thêm đơn vị vào trang “Đơn vị”.{self._hint(text, self.units)}"
            )
        return found

    def bloc(self, text: str) -> str:
        """Return the bloc's name as the register writes it."""
        if refusal := self.bloc_refusal(text):
            raise ValueError(refusal)
        found = self.blocs.get(fold(text))
        if found is None:
            raise ValueError(
                "Không có khối này ở trang “Khối” và trong hệ thống. Đề nghị sửa tên, hoặc thêm "
                f"khối vào trang “Khối”.{self._hint(text, self.blocs)}"
            )
        return found

    def _hint(self, text: str, known: dict[str, str]) -> str:
        """Return the known name most like the text, for the first faults: it takes long to find."""
        key = id(known), fold(text)
        if key not in self._hints:
            self._hints[key] = (
                nearest(text, known.values()) if len(self._hints) < MOST_HINTS else ""
            )
        return self._hints[key]

    def bloc_refusal(self, text: str) -> str:
        """Return why no row may speak of a bloc of this name, or an empty text."""
        name = fold(text)
        if count := self.register.namesakes.get(name):
            return (
                f"Hội đồng có {count} khối cùng tên này nên không biết là khối nào. Đề nghị đổi "
                "tên để phân biệt, hoặc ghi tại trang của từng khối và bỏ dòng này."
            )
        ended = self.register.closed_blocs.get(name)
        if ended and name not in self.blocs:
            return f"Khối này đã kết thúc từ ngày {format_date(ended)}. Đề nghị bỏ dòng này."
        return ""

    # ------------------------------------------------------------ people

    def place(self, person: Someone, name: str, place: str) -> None:
        """Note that a person of this name works in a unit (its folded name; "" for the board)."""
        there = self._places[place, fold(name)]
        if person not in there:
            there.append(person)

    def at(self, place: str, name: str) -> list[Someone]:
        """Return the people of a unit whose name reads so, diacritics aside."""
        return self._places.get((place, fold(name)), [])

    def namesakes(self, name: str) -> list[Someone]:
        """Return the people the board knows whose name reads so, diacritics aside."""
        return self._namesakes.get(fold(name), [])

    def bring_in(self, name: str, username: str, row: int) -> Someone:
        """Return a new person under the log-in name given, or one made from the name."""
        if not username:
            taken = self._stems[_stem(username_stem(name))]
            username = free_username(name, taken | self.reserved)
        person = Someone(username, name, row=row)
        self.people[person.key] = person
        self._take(person.key)
        return person

    def _take(self, username: str) -> None:
        self._stems[_stem(username)].add(username)


def _stem(username: str) -> str:
    """Return a log-in name without its number, under which those like it are kept."""
    return username.rstrip("0123456789")
