"""Lines of a shell: the package's own commands are run here, those of other programs are compared with their help."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path

from support.programs import told
from zwkprognose.cli import main
from zwkprognose.cli.app import app

ROOT = Path(__file__).parents[2]
#: Read results; they are run where they are installed (``support.programs``).
READERS = ("ncwa", "ncks", "gdalmdiminfo", "gdalmdimtranslate")
#: Programs that come with a package of an extra and are not needed for the tests.
OF_EXTRAS = {"jupyter": "jupyterlab"}
#: A computer that only the page knows, and the example of a whole city, which ``.ci/run`` computes from README.md.
ELSEWHERE = re.compile(r"://rechner|^demo$")


def lines(text: str) -> Iterator[list[str]]:
    """The words of every command, without comments."""
    for line in text.splitlines():
        for command in line.split(" && "):
            words = shlex.split(command, comments=True)
            if words:
                yield words


def answered(words: list[str], folder: Path) -> str:
    """What a command says in a folder; a program of others that changes the machine is only checked."""
    program = Path(words[0]).name
    if program in READERS:
        return told(words, folder, complains=False)
    check(words)
    if program == "zwkprognose" and not any(map(ELSEWHERE.search, words)):
        return _run(words, folder)
    if program.startswith("python") and words[1].endswith(".py") and (folder / words[1]).is_file():
        return _script(words, folder)
    return ""


def _run(words: list[str], folder: Path) -> str:
    heard = StringIO()
    with chdir(folder), redirect_stdout(heard):
        code = main(words[1:])
    assert code == 0, f"{shlex.join(words)}: {code}\n{heard.getvalue()}"
    return heard.getvalue()


def _script(words: list[str], folder: Path) -> str:
    arguments, _, target = " ".join(words[1:]).partition(" > ")
    done = subprocess.run(
        [sys.executable, *arguments.split()], cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    if target:
        (folder / target).write_text(done.stdout, encoding="utf-8")
    return done.stdout


def check(words: list[str]) -> None:
    """Whether the program is one that the reader has by then, and knows the options."""
    program = Path(words[0]).name
    if program == "zwkprognose":
        _own(words[1:])
    elif program in OF_EXTRAS:
        assert any(f'"{OF_EXTRAS[program]}>' in extra for extra in _extras()), program
    elif program == "bash":
        assert (ROOT / words[1]).is_file(), words
    elif re.fullmatch(r"py|python3?", program):
        _python(words[1:])
    else:
        _knows([str(Path(sys.executable).with_name(program))], words[1:])


def _own(words: list[str]) -> None:
    """The call as the command line reads it, without doing it."""
    from typer.main import get_command

    command = get_command(app)
    if words[0].startswith("-"):
        known = {option for parameter in command.params for option in parameter.opts}
        assert words[0] in known, words
        return
    chosen = command.commands[words[0]]  # type: ignore[attr-defined]
    chosen.make_context(words[0], list(words[1:]))


def _python(words: list[str]) -> None:
    if words[0] != "-m":
        scripts = [ROOT / words[0], ROOT / "docs" / "examples" / words[0]]
        (script,) = [path for path in scripts if path.is_file()]
        if any(word.startswith("--") for word in words):
            _knows([sys.executable, str(script)], words[1:])
    elif words[1] == "pip":
        _knows([sys.executable, "-m", "pip"], words[2:])
        for extra in re.findall(r"\[([a-z,]+)\]", " ".join(words)):
            assert set(extra.split(",")) <= set(_project()["optional-dependencies"]), extra
    else:
        _knows([sys.executable, "-m", words[1]], words[2:])


def _knows(program: list[str], words: list[str]) -> None:
    """Whether its help, or that of its command, names every option."""
    command = [words[0]] if words and re.fullmatch(r"[a-z]+", words[0]) else []
    options = {word.split("=")[0] for word in words if re.match(r"--?[a-zA-Z]", word)}
    if not options and not command:
        assert _help(*program)
        return
    text = _help(*program, *command)
    assert [option for option in options if not re.search(rf"(?<![\w-]){option}(?![\w-])", text)] == [], (words, text)


@cache
def _help(*program: str) -> str:
    done = subprocess.run([*program, "--help"], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, (program, done.stderr)
    return done.stdout


@cache
def _project() -> dict[str, dict[str, list[str]]]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text)["project"])


def _extras() -> Iterator[str]:
    for name, packages in _project()["optional-dependencies"].items():
        yield name + ":" + "".join(f'"{package}"' for package in packages)
