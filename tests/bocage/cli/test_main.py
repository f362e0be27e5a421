import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from bocage.cli import main as spine
from bocage.cli import output
from bocage.cli.main import COMMANDS, main
from bocage.errors import Cancelled, SourceUnreadable, WorkspaceFull

ROOT = Path(__file__).parents[3]


def run_bocage(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    call = "import sys; from bocage.cli.main import main; sys.exit(main())"
    return subprocess.run([sys.executable, "-c", call, *arguments], capture_output=True, timeout=60, **options)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_keeps_to_the_convention(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(import_module(COMMANDS[name].module).add_parser)
    with pytest.raises(SystemExit) as leave:
        main([name, "--help"])
    assert leave.value.code == 0
    assert f"usage\u00a0: bocage {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [[], ["inconnue"], ["siret"], ["siret", "--inconnue", "1"], ["identify"], ["siret", "--js", "1"]]
)
def test_a_bad_call_is_2_and_writes_nothing_on_stdout(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leave:
        main(arguments)
    assert leave.value.code == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert "appel incorrect" in written.err


def test_help_lists_every_command_without_importing_them(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leave:
        main(["--help"])
    assert leave.value.code == 0
    shown = capsys.readouterr().out
    assert all(name in shown and command.summary in shown for name, command in COMMANDS.items())


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leave:
        main(["--version"])
    assert leave.value.code == 0
    assert capsys.readouterr().out.startswith("bocage ")


def test_checking_a_siret_loads_no_heavy_library() -> None:
    call = (
        "import sys; from bocage.cli.main import main; main(['siret', '00001234400016']);"
        "print([name for name in ('duckdb', 'lxml', 'openpyxl', 'typst', 'bocage.formats.fec') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_checking_a_dsn_loads_no_heavy_library(tmp_path: Path) -> None:
    (tmp_path / "vide.dsn").write_bytes(b"")
    call = (
        f"import sys; from bocage.cli.main import main; main(['dsn', 'check', {str(tmp_path / 'vide.dsn')!r}]);"
        "print([name for name in ('duckdb', 'email', 'importlib.metadata', 'importlib.resources', 'calendar')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_a_path_that_is_not_a_file_is_2(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = tmp_path / "là.txt"
    there.write_bytes(b"x")
    pipe = tmp_path / "tuyau"
    os.mkfifo(pipe)
    for wrong, said in ((tmp_path / "absent.txt", "n’existe pas"), (tmp_path, "dossier"), (pipe, "ordinaire")):
        assert main(["identify", str(there), str(wrong), *words]) == 2
        written = capsys.readouterr()
        assert written.out == ""
        assert said in written.err


def test_a_name_with_a_zero_byte_is_a_bad_path(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["identify", "a\x00b"]) == 2


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (SourceUnreadable("a.txt: I/O error"), 2, "Lecture impossible"),
        (WorkspaceFull("disque"), 2, "Plus assez de place"),
        (KeyboardInterrupt(), 130, ""),
        (Cancelled("stop"), 130, ""),
    ],
)
def test_what_the_machine_does_has_its_own_code(
    error: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(output, "print_text", fail)
    assert main(["siret", "00001234400016"]) == code
    written = capsys.readouterr()
    assert written.out == ""
    assert said in written.err


def test_a_closed_pipe_is_not_an_error_for_people() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    call = "import sys; from bocage.cli.main import main; sys.exit(main())"
    with os.fdopen(writer, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-c", call, "siret", "00001234400016"],
            stdout=pipe,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == spine.PIPE_CLOSED
    assert done.stderr == b""


def test_json_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    name = tmp_path / "écritures.txt"
    name.write_bytes(b"%PDF-1.7")
    done = run_bocage("identify", "--json", str(name), env={**os.environ, "PYTHONIOENCODING": "latin-1", "LC_ALL": "C"})
    assert done.returncode == 0
    document = json.loads(done.stdout.decode("utf-8"))
    assert document["files"][0]["file"] == "écritures.txt"


def test_a_name_that_is_not_utf_8_is_still_json(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xe9critures.txt"
    with open(path, "wb") as stream:  # noqa: PTH123 - pathlib takes no bytes
        stream.write(b"%PDF-1.7")
    done = run_bocage("identify", "--json", os.fsdecode(path))
    assert done.returncode == 0
    assert json.loads(done.stdout.decode("utf-8"))["files"][0]["kind"] == "pdf"


def test_the_script_is_declared() -> None:
    assert 'bocage = "bocage.cli.main:main"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
