"""What a shell script is made of, as far as telling its SQL needs it. Pure."""

from dataclasses import dataclass, field

from definitions.lineage.shell_groups import Group


@dataclass(slots=True)
class Command:
    """`texts` is what is fed to it in the script itself. `apart`: in a pipe or behind the shell's back, where it sets nothing for it."""

    words: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    from_file: bool = False
    piped: bool = False
    apart: bool = False
    group: Group = field(default_factory=Group)


@dataclass(slots=True)
class Script:
    """`outputs` are the placeholders that stand for what a command prints. `is_whole`: nothing is nested too deeply to be read."""

    commands: list[Command] = field(default_factory=list)
    functions: set[str] = field(default_factory=set)
    outputs: set[str] = field(default_factory=set)
    is_whole: bool = True
