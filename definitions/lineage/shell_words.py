"""A shell script as commands and words, as far as telling its SQL needs it. Pure, linear, never raises.

Variables stay as ${name}; the output of a command becomes a placeholder of its own, and the command is read besides.
"""

import re
from typing import Final

from definitions.lineage.shell_commands import Command, Script
from definitions.lineage.shell_groups import Groups

_NAME: Final = re.compile(r"[A-Za-z_]\w*|[0-9@*#?!$-]")
_DEEPEST: Final = 8  # commands within commands
_REDIRECTION: Final = re.compile(r"[0-9]{0,2}(?:>>|>\||>&|&>>|&>|>|<&)")


def split(text: str) -> Script:
    script = Script()
    _Reader(text, script, 0).read()
    return script


class _Reader:
    def __init__(self, text: str, script: Script, depth: int) -> None:
        self.text, self.script, self.depth = text.replace("\r\n", "\n"), script, depth
        self.at = 0
        self.command = Command()
        self.groups = Groups()
        self.word: list[str] | None = None
        self.skips_word = False  # the target of a redirection
        self.takes_text = False  # the text of <<<
        self.open = 0  # parentheses
        self.waiting: list[tuple[str, bool, Command]] = []  # here-documents: delimiter, quoted, whose

    def read(self) -> None:
        while self.at < len(self.text):
            self._step()
        self._end_command()
        self.groups.end(len(self.script.commands))

    def _step(self) -> None:
        char = self.text[self.at]
        if char in " \t":
            self._end_word()
            self.at += 1
        elif char == "\n":
            self.at += 1
            if self._end_command():  # && goes on behind an empty line
                self.groups.follow("", len(self.script.commands))
            self._here_documents()
        elif self.text.startswith("\\\n", self.at):
            self.at += 2
        elif char == "#" and self.word is None:
            self.at = self._find("\n")
        elif char in ";&|()":
            self._separator(char)
        elif char == "<" or _REDIRECTION.match(self.text, self.at):
            self._redirect(char)
        else:
            self._append(self._piece(char))

    def _piece(self, char: str) -> str:
        """Return what one character, quote or expansion adds to the word."""
        if char == "\\":
            self.at += 2
            taken = self.text[self.at - 1 : self.at]
            return "" if taken == "\n" else taken
        if char == "'":
            end = self._find("'", self.at + 1)
            taken, self.at = self.text[self.at + 1 : end], end + 1
            return taken
        if char == '"':
            self.at += 1
            taken = self._quoted('"')
            self.at += 1
            return taken
        if char in "$`":
            return self._expansion(char)
        self.at += 1
        return char

    def _quoted(self, end: str) -> str:
        """Read up to a closing mark, or to the end of the text for ""."""
        pieces: list[str] = []
        while self.at < len(self.text) and (not end or self.text[self.at] != end):
            char = self.text[self.at]
            if char == "\\" and self.text[self.at + 1 : self.at + 2] in ('"', "\\", "$", "`", "\n"):
                pieces.append(self.text[self.at + 1].replace("\n", ""))
                self.at += 2
            elif char in "$`":
                pieces.append(self._expansion(char))
            else:
                pieces.append(char)
                self.at += 1
        return "".join(pieces)

    def _expansion(self, char: str) -> str:
        if char == "`":
            end = self._find("`", self.at + 1)
            inner, self.at = self.text[self.at + 1 : end], end + 1
            return self._output(inner)
        after = self.text[self.at + 1 : self.at + 2]
        if after == "(":
            end = self._closing(self.at + 1)
            inner, self.at = self.text[self.at + 2 : end], end + 1
            return self._output(inner)
        if after in ("{", "["):
            end = self._find("}" if after == "{" else "]", self.at)
            taken, self.at = self.text[self.at : end + 1], end + 1
            return taken
        found = _NAME.match(self.text, self.at + 1)
        if found is None:
            self.at += 1
            return "$"
        self.at = found.end()
        return f"${{{found.group()}}}"

    def _output(self, inner: str) -> str:
        if inner.startswith("("):
            self._read_expansions(inner)
        else:
            self._read_inner(inner)
        placeholder = f"${{$({len(self.script.outputs)})}}"
        self.script.outputs.add(placeholder)
        return placeholder

    def _read_inner(self, inner: str) -> None:
        """Read commands within."""
        if self.depth < _DEEPEST:
            _Reader(inner, self.script, self.depth + 1).read()
        elif inner.strip():
            self.script.is_whole = False

    def _read_expansions(self, text: str) -> str:
        """Read a text that is no commands, but may hold some: return it with their placeholders."""
        if self.depth >= _DEEPEST:
            self.script.is_whole = self.script.is_whole and "$(" not in text and "`" not in text
            return ""
        return _Reader(text, self.script, self.depth + 1)._quoted("")

    def _closing(self, at: int) -> int:
        """Return where the parenthesis that opens here closes; quoted ones do not count."""
        depth, quote = 0, ""
        while at < len(self.text):
            char = self.text[at]
            if char == "\\":
                at += 1
            elif quote:
                quote = "" if char == quote else quote
            elif char in "'\"":
                quote = char
            elif char in "()":
                depth += 1 if char == "(" else -1
                if not depth:
                    return at
            at += 1
        return at

    def _separator(self, char: str) -> None:
        assigned = self.word is not None and "".join(self.word[-1:]).endswith("=")
        if char == "(" and (assigned or self.text.startswith("((", self.at)):  # a list, or arithmetic
            start, self.at = self.at, self._closing(self.at) + 1
            self._read_expansions(self.text[start + 1 : self.at - 1])
            if assigned:
                self._append(self._output(""))  # a list: no value to be told
            return
        called = self._end_word_for(char)
        if called:
            self.at = self._find(")") + 1
            return
        doubled = self.text[self.at : self.at + 2]
        self.at += 2 if doubled in ("&&", "||", ";;") else 1
        if char == ")" and not self.open:
            if self.command.words[:1] == ["case"]:
                self.groups.open()
            self.groups.next(len(self.script.commands))
            self.command = Command()  # a pattern of a case
            return
        is_pipe = char == "|" and doubled != "||"
        self.command.apart = is_pipe or self.command.piped or (char == "&" and doubled != "&&")
        self._end_command(piped=is_pipe)
        self._regroup(char, "" if is_pipe else doubled)

    def _regroup(self, char: str, mark: str) -> None:
        here = len(self.script.commands)
        if char == "(":
            self.open += 1
            self.groups.open()
        elif char == ")":
            self.open -= 1
            self.groups.close(here)
        elif mark:
            self.groups.follow(mark, here)

    def _end_word_for(self, char: str) -> bool:
        """End the word; True for `name(`, which begins a function."""
        self._end_word()
        if char == "(" and len(self.command.words) == 1 and self.text[self.at + 1 : self.at + 2].strip() in ("", ")"):
            self.script.functions.add(self.command.words[0])
            self.command = Command()
            return True
        return False

    def _redirect(self, char: str) -> None:
        if char == "<":
            self._end_word()
            if self.text.startswith("<<<", self.at):
                self.at += 3
                self.takes_text = True
            elif self.text.startswith("<<", self.at):
                self._begin_here_document()
            elif self.text.startswith("<(", self.at):
                self._process(self.at + 1)
                self.command.from_file = True
            else:
                self.at += 1
                self.command.from_file = self.skips_word = True
            return
        if self.word is not None and "".join(self.word).isdigit():
            self.word = None
        self._end_word()
        found = _REDIRECTION.match(self.text, self.at)
        assert found is not None  # noqa: S101  the caller looked
        self.at = found.end()
        if found.group() == ">" and self.text.startswith("(", self.at):
            self._process(self.at)
        else:
            self.skips_word = True

    def _process(self, at: int) -> None:
        """Read the commands of <(..) and >(..)."""
        end = self._closing(at)
        self._read_inner(self.text[at + 1 : end])
        self.at, self.skips_word = end + 1, False

    def _begin_here_document(self) -> None:
        found = re.compile(r"<<-?[ \t]*(?P<quote>['\"\\]?)(?P<name>[\w.-]+)['\"]?").match(self.text, self.at)
        if found is None:
            self.at += 2
            return
        self.at = found.end()
        self.waiting.append((found["name"], bool(found["quote"]), self.command))

    def _here_documents(self) -> None:
        for name, is_quoted, command in self.waiting:
            found = re.compile(rf"^\t*{re.escape(name)}[ \t]*$", re.MULTILINE).search(self.text, self.at)
            end = found.start() if found else len(self.text)
            body = self.text[self.at : end]
            self.at = min(len(self.text), found.end() + 1) if found else end
            command.texts.append(body if is_quoted else self._read_expansions(body))
        self.waiting = []

    def _append(self, piece: str) -> None:
        if self.word is None:
            self.word = []
        self.word.append(piece)

    def _end_word(self) -> None:
        if self.word is None:
            return
        word, self.word = "".join(self.word), None
        if self.skips_word:
            self.skips_word = False
        elif self.takes_text:
            self.takes_text = False
            self.command.texts.append(word)
        else:
            self.command.words.append(word)

    def _end_command(self, *, piped: bool = False) -> bool:
        """Return whether there was one."""
        self._end_word()
        self.skips_word = self.takes_text = False
        ended, self.command = self.command, Command(piped=piped, apart=piped)
        if ended.words:
            if ended.words[0] == "function":
                self.script.functions.update(ended.words[1:2])
            ended.group = self.groups.enter(ended.words, len(self.script.commands))
            self.script.commands.append(ended)
        return bool(ended.words)

    def _find(self, mark: str, start: int | None = None) -> int:
        found = self.text.find(mark, self.at if start is None else start)
        return len(self.text) if found < 0 else found
