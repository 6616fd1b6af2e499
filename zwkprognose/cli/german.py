"""Help pages and complaints of the command line in German."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

#: Base of all complaints about a call; Typer shows only its children by name.
UsageError: Any = typer.BadParameter.__mro__[1]


class GermanHelp:
    """Mixin: the help page of a command, in German."""

    usage_end: tuple[str, ...] = ()

    def get_help_option(self, ctx: Any) -> Any:
        """The help option with a German explanation."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Diese Hilfe zeigen."
        return option

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Line that shows how to call the command."""
        params = self.get_params(ctx)  # type: ignore[attr-defined]
        arguments = [str(p.metavar) for p in params if p.param_type_name == "argument"]
        pieces = ["[OPTIONEN]", *arguments, *self.usage_end]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="Aufruf: ")

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The whole page: call, purpose, arguments, options, commands."""
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)  # type: ignore[attr-defined]
        params = self.get_params(ctx)  # type: ignore[attr-defined]
        _section(formatter, "Angaben", [_row(p) for p in params if p.param_type_name == "argument"])
        _section(formatter, "Optionen", [_row(p) for p in params if p.param_type_name == "option"])
        _section(formatter, "Befehle", self.command_rows(ctx))
        self.format_epilog(ctx, formatter)  # type: ignore[attr-defined]

    def command_rows(self, ctx: Any) -> list[tuple[str, str]]:
        """Name and purpose of every sub-command; a plain command has none."""
        return []


class GermanCommand(GermanHelp, TyperCommand):
    """A command with a German help page."""


class GermanGroup(GermanHelp, TyperGroup):
    """The program itself: its help lists the commands, a misspelt command gets a suggestion."""

    usage_end = ("BEFEHL …",)

    def command_rows(self, ctx: Any) -> list[tuple[str, str]]:
        """Name and first sentence of every command."""
        return [(name, (command.help or "").strip().split("\n")[0]) for name, command in self.commands.items()]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command, or complain with the nearest names."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            hits = get_close_matches(args[0], list(self.commands))
            hint = f" Gemeint ist vielleicht „{hits[0]}“." if hits else f" Es gibt: {', '.join(self.commands)}."
            raise UsageError(f"Den Befehl „{args[0]}“ gibt es nicht.{hint}", ctx=ctx)
        return super().resolve_command(ctx, args)


def complaint(error: Any) -> str:
    """A German sentence for a complaint of the argument parser, which speaks English."""
    kind = type(error).__name__
    if kind == "NoSuchOption":
        near = f" Gemeint ist vielleicht {' oder '.join(error.possibilities)}." if error.possibilities else ""
        return f"Die Option {error.option_name} gibt es nicht.{near}"
    if kind == "MissingParameter":
        return f"Es fehlt die Angabe {_name(error.param)}."
    if kind == "BadOptionUsage":
        return f"Die Option {error.option_name} braucht einen Wert."
    if kind == "BadParameter" and error.param is not None:
        return f"Der Wert für {_name(error.param)} ist nicht möglich."
    if error.message.startswith("Got unexpected"):
        return f"Zu viele Angaben: {error.message.rpartition('(')[2].rstrip(')')}."
    return str(error.message)


def _row(param: Any) -> tuple[str, str]:
    """Name and explanation of one argument or option."""
    return _name(param), param.help or ""


def _name(param: Any) -> str:
    if param.param_type_name == "argument":
        return str(param.metavar or param.human_readable_name).rstrip(".").rstrip("…")
    value = f" {param.metavar}" if param.metavar else ""
    return ", ".join(param.opts) + value


def _section(formatter: Any, title: str, rows: list[tuple[str, str]]) -> None:
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows)
