import os
import shutil
import sqlite3
import stat
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from imprint.store import SQLiteStore, migrations
from imprint.types import ImprintError
from tests.store.samples import files, heard, python, turns


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_home_is_its_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    with SQLiteStore(home) as store, store.sleeping("ada"):
        store.add("ada", turns(1))
        assert mode(home) == mode(home / "locks") == 0o700
        assert {mode(path) for path in home.rglob("*") if path.is_file()} == {0o600}


def test_a_file_others_could_read_is_closed_to_them(home: Path) -> None:
    SQLiteStore(home).close()
    (home / "imprint.db").chmod(0o644)
    SQLiteStore(home).close()
    assert mode(home / "imprint.db") == 0o600


def test_every_connection_is_durable_and_zeroes_what_it_deletes(home: Path, store: SQLiteStore) -> None:
    conn = store._connection()
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "busy_timeout": 300,
    }
    assert {name: conn.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted} == wanted


def test_closing_leaves_one_file(home: Path) -> None:
    with SQLiteStore(home) as store:
        store.add("ada", turns(1))
    assert list(files(home)) == ["imprint.db"]


@pytest.mark.parametrize("steps", range(1, len(migrations.MIGRATIONS) + 1))
def test_a_database_of_each_older_schema_opens_with_its_rows(home: Path, steps: int) -> None:
    conn = sqlite3.connect(home / "imprint.db", isolation_level=None)
    conn.execute("BEGIN")
    migrations.migrate(conn, migrations.MIGRATIONS[:steps])
    conn.execute("INSERT INTO user (name, epoch) VALUES ('ada', 'e')")
    conn.execute("COMMIT")
    assert migrations.applied(conn) == migrations.names()[:steps]
    conn.close()
    with SQLiteStore(home) as store:
        assert store.users() == ["ada"]
        assert migrations.applied(store._connection()) == migrations.names()
        heard(store, 2)
        assert store.turns("ada") == turns(2)


def test_a_step_runs_once(home: Path) -> None:
    SQLiteStore(home).close()
    before = files(home)
    SQLiteStore(home).close()
    assert files(home) == before


def refused(home: Path, reason: str) -> str:
    """The one line that opening the store ends in; no file is changed by it."""
    before = files(home)
    with pytest.raises(ImprintError, match=reason) as told:
        SQLiteStore(home, wait=0.1)
    assert {name: data for name, data in files(home).items() if not name.endswith("-shm")} == before
    assert "\n" not in str(told.value)
    return str(told.value)


def test_a_newer_schema_is_refused(home: Path) -> None:
    with SQLiteStore(home) as store:
        store._connection().execute("INSERT INTO migration (name, applied) VALUES ('m999_later', '')")
    assert "Upgrade imprint" in refused(home, "newer imprint")


def test_a_file_that_is_no_database_is_refused(home: Path) -> None:
    (home / "imprint.db").write_bytes(b"dear diary, " * 1000)
    refused(home, "not an imprint database")


def test_another_programs_database_is_refused(home: Path) -> None:
    conn = sqlite3.connect(home / "imprint.db")
    conn.execute("CREATE TABLE user (id INTEGER PRIMARY KEY, name TEXT)")
    conn.close()
    refused(home, "not an imprint database")


def test_an_empty_file_is_not_taken_for_a_new_database(home: Path) -> None:
    SQLiteStore(home).close()
    os.truncate(home / "imprint.db", 0)
    refused(home, "is empty, it was cut off")


def test_a_log_without_its_database_is_not_mixed_into_a_new_one(home: Path, tmp_path: Path) -> None:
    with SQLiteStore(home) as store:
        store.add("ada", turns(3))
        (tmp_path / "copy").mkdir()
        shutil.copy(home / "imprint.db-wal", tmp_path / "copy" / "imprint.db-wal")
    refused(tmp_path / "copy", "is missing but its log imprint.db-wal is there")


def read_all(home: Path) -> None:
    with SQLiteStore(home) as store:
        store.turns("ada")
        store.memory("ada", "lpm")


@pytest.mark.parametrize("kept", [0.9, 0.5, 0.1, 0.01])
def test_a_truncated_database_is_an_error_in_one_line(home: Path, kept: float) -> None:
    with SQLiteStore(home) as store:
        heard(store, 300)
    path = home / "imprint.db"
    os.truncate(path, int(path.stat().st_size * kept))
    with pytest.raises(ImprintError, match=r"is damaged|not an imprint database") as told:
        read_all(home)
    assert "Restore it from a backup" in str(told.value)


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("x")
    with pytest.raises(ImprintError, match="file exists"):
        SQLiteStore(tmp_path / "home")


def test_an_unfinished_first_file_is_made_anew(home: Path) -> None:
    (home / "imprint.db.new").write_bytes(b"half")
    with SQLiteStore(home) as store:
        assert store.users() == []
    assert list(files(home)) == ["imprint.db"]


FIRST = """
import sys
from pathlib import Path
from imprint.store import SQLiteStore
from tests.store.samples import turns
with SQLiteStore(Path(sys.argv[1])) as store:
    print(store.add("ada", turns(5)))
"""


def test_several_first_openings_make_one_database(home: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: python(FIRST, str(home)), range(4)))
    assert sorted(run.stdout.strip() for run in done) == ["0", "0", "0", "5"], [run.stderr for run in done]


def test_a_connection_is_not_carried_across_a_fork(store: SQLiteStore) -> None:
    child = os.fork()
    if child == 0:
        try:
            store.users()
        except ImprintError as error:
            os._exit(7 if "before a fork" in str(error) else 1)
        os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert store.users() == []


STRANGER = """
import os, sys
from pathlib import Path
from imprint.store import SQLiteStore
from imprint.types import ImprintError
from tests.store.samples import turns
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    with SQLiteStore(Path(sys.argv[1])) as store:
        store.add("ada", turns(9))
except ImprintError as error:
    print(error)
"""


@pytest.mark.parametrize("locked", ["folder", "file", "nothing there"])
def test_a_home_that_cannot_be_written_is_an_error_in_one_line(locked: str) -> None:
    home = Path(tempfile.mkdtemp())  # unlike tmp_path, below a folder that another account may enter
    try:
        if locked != "nothing there":
            with SQLiteStore(home) as store:
                store.add("ada", turns(2))
            (home / "imprint.db").chmod(0o444)
        home.chmod(0o777 if locked == "file" else 0o555)
        run = python(STRANGER, str(home))
        assert run.stderr == ""
        assert "IMPRINT_HOME" in run.stdout
        assert run.stdout.count("\n") == 1
        home.chmod(0o700)
        with SQLiteStore(home) as store:
            assert store.turns("ada") == (turns(2) if locked != "nothing there" else [])
    finally:
        shutil.rmtree(home)


def test_the_store_loads_no_torch() -> None:
    run = python("import sys, imprint.store; print('torch' in sys.modules)")
    assert run.stdout == "False\n", run.stderr


FULL = """
import resource, sys
from pathlib import Path
from imprint.store import SQLiteStore
from imprint.types import ImprintError
from tests.store.samples import turn
home = Path(sys.argv[1])
with SQLiteStore(home) as store:
    if sys.argv[2] == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))
    kept = 0
    try:
        for number in range(2000):
            kept += store.add("ada", [turn(number, text="x" * 4000)])
    except ImprintError as error:
        print(error)
    if sys.argv[2] == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    else:
        (home / "ballast").unlink()
    print(0 < kept == len(store.turns("ada")))
    print(store.add("ada", [turn(9999)]))
with SQLiteStore(home) as store:
    sound = store._connection().execute("PRAGMA integrity_check").fetchone()
    print(len(store.turns("ada")) == kept + 1, sound)
"""


def test_a_file_that_may_not_grow_loses_nothing(home: Path) -> None:
    run = python(FULL, str(home), "limit")
    lines = run.stdout.splitlines()
    assert "nothing was lost" in lines[0], run.stderr
    assert lines[1:] == ["True", "1", "True ('ok',)"]


def small_disk(home: Path) -> tuple[str, ...]:
    """Puts a command on a disk of 2 MB, half of it taken, that only this command sees."""
    mount = 'mount -t tmpfs -o size=2m tmpfs "$0" && head -c 1000000 /dev/zero > "$0/ballast" && exec "$@"'
    prefix = ("unshare", "--mount", "sh", "-c", mount, str(home))
    if shutil.which("unshare") is None or python("print('mounted')", prefix=prefix).stdout != "mounted\n":
        pytest.skip("this machine lets nobody mount a small disk")
    return prefix


def test_a_full_disk_loses_nothing(home: Path) -> None:
    run = python(FULL, str(home), "disk", prefix=small_disk(home))
    lines = run.stdout.splitlines()
    assert lines[0].startswith("the disk is full"), run.stderr
    assert lines[1:] == ["True", "1", "True ('ok',)"]


PURGE = """
import sys
from pathlib import Path
from imprint.store import SQLiteStore
from tests.store.samples import holding, turn
home = Path(sys.argv[1])
with SQLiteStore(home) as store:
    store.add("ada", [turn(number, text="canary" * 600) for number in range(100)])
    (home / "filler").write_bytes(bytes(300_000))
    print(store.forget("ada", [turn(3).id]).leftover)
    print([kept.id for kept in store.turns("ada")].count(turn(3).id), len(store.turns("ada")))
    (home / "ballast").unlink()
    print(store.forget("ada", []).leftover == "")
    print(store.erase("ada").leftover == "", holding(home, "canary"))
"""


def test_a_full_disk_delays_the_removal_of_bytes_and_says_so(home: Path) -> None:
    run = python(PURGE, str(home), prefix=small_disk(home))
    assert run.stderr == ""
    lines = run.stdout.splitlines()
    assert lines[0].startswith("the disk is full")
    assert lines[1:] == ["0 99", "True", "True []"]
