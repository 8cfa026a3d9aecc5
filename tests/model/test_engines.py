"""The engines: the same bytes from every one of them, and a sentence from those that cannot work."""

import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import distributed
import pytest
from invented_country import full_deal
from test_ensemble import PLAIN, digest

from soke.errors import SokeError
from soke.model.run import cluster, ensemble, reduction
from soke.model.run.engines import main_set_aside
from soke.version import __version__

ROOT = Path(__file__).resolve().parents[2]
# What Dask's own event loops leave for the collector is not ours to close.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def two_workers():
    """The address of a cluster of two processes, each with a worker of one thread."""
    with (
        main_set_aside(),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as found,
    ):
        yield found.scheduler_address


@pytest.fixture(params=[1_000, 120], ids=["exact", "binned"])
def longest_exact(request, monkeypatch):
    """A run of 330 draws by either way of reducing it."""
    monkeypatch.setattr(reduction, "EXACT", request.param)


@pytest.mark.slow
def test_the_same_bytes_from_every_engine(project, two_workers, longest_exact):
    ways = [
        {"backend": "serial"}, {"backend": "local", "workers": 1}, {"backend": "local", "workers": 2},
        {"backend": "joblib", "workers": 2}, {"backend": "dask", "scheduler": two_workers},
    ]  # fmt: skip
    assert len({digest(project(full_deal(), draws=330, **way)) for way in ways}) == 1


@pytest.mark.slow
def test_dask_without_a_scheduler_starts_a_cluster_and_closes_it(project):
    before = threading.active_count()
    here = project(full_deal(), draws=60, backend="dask", workers=2)
    assert digest(here) == digest(project(full_deal(), draws=60))
    assert threading.active_count() <= before + 2, "Dask keeps a thread or two of its own"


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["joblib", "dask"])
def test_a_plain_script_without_a_guard_runs_on_it(backend):
    text = PLAIN.replace("**OPTIONS", f"draws=10, workers=2, backend={backend!r}")
    done = subprocess.run(
        [sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr, len(done.stdout.split())) == (0, "", 1)


@pytest.mark.parametrize(
    "address", ["", "cluster", "http://here:8786", "tcp://here", "tcp://here:99999", "tcp://:8786", "tcp://a b:1"]
)
def test_an_address_that_is_none_is_refused(project, address):
    with pytest.raises(SokeError, match=r"not the address of a Dask scheduler.*tcp://HOST:PORT.*--backend local"):
        project(full_deal(), draws=5, backend="dask", scheduler=address)


def nobody():
    """A port at which nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return server.getsockname()[1]


@pytest.fixture
def impatient(monkeypatch):
    """Half a second where it is four: connecting and waiting for workers, the two of them, then take nine at most."""
    assert 2 * cluster.ANSWER + 1 < 10
    monkeypatch.setattr(cluster, "ANSWER", 0.5)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("who", ["nobody", "no such host"])
def test_a_cluster_that_does_not_answer_is_said_in_time(project, who):
    address = f"tcp://127.0.0.1:{nobody()}" if who == "nobody" else "tcp://no-such-host.invalid:8786"
    began = time.monotonic()
    with pytest.raises(SokeError, match=rf"No Dask scheduler answers at {address}.*--backend local"):
        project(full_deal(), draws=5, backend="dask", scheduler=address)
    assert time.monotonic() - began < 3


@pytest.mark.slow
@pytest.mark.usefixtures("impatient")
def test_a_silent_listener_is_said_in_time(project):
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        began = time.monotonic()
        with pytest.raises(SokeError, match="No Dask scheduler answers"):
            project(full_deal(), draws=5, backend="dask", scheduler=f"tcp://127.0.0.1:{silent.getsockname()[1]}")
        assert time.monotonic() - began < 3


@pytest.mark.usefixtures("impatient")
def test_a_cluster_without_workers_is_said_in_time(project):
    with distributed.LocalCluster(n_workers=0, dashboard_address=":0") as empty:
        began = time.monotonic()
        with pytest.raises(SokeError, match=r"has no workers that answer.*--backend local"):
            project(full_deal(), draws=5, backend="dask", scheduler=empty.scheduler_address)
        assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("has", "words"),
    [
        (ModuleNotFoundError("No module named 'soke'"), r"worker w cannot run Soke: No module named 'soke'\."),
        ({"versions": {"Soke": "0.0.1", "numpy": "1"}, "one_thread": True}, r"has Soke 0\.0\.1 and numpy 1, and this"),
        ({"versions": {**cluster._has()["versions"]}, "one_thread": False}, "several threads"),
    ],
)
def test_workers_that_would_give_other_figures_are_refused(has, words):
    client = SimpleNamespace(wait_for_workers=lambda *_, **__: None, run=lambda *_, **__: {"w": has})
    with pytest.raises(SokeError, match=rf"{words}.*OPENBLAS_NUM_THREADS=1.*--backend local"):
        cluster._fit_for(client, "tcp://here:1")


def test_workers_that_are_fit_are_taken():
    has = {"versions": {**cluster._has()["versions"]}, "one_thread": True}
    assert has["versions"]["Soke"] == __version__
    cluster._fit_for(SimpleNamespace(wait_for_workers=lambda *_, **__: None, run=lambda *_, **__: {"w": has}), "here")


@pytest.mark.slow
def test_a_cluster_that_dies_is_a_sentence(project, monkeypatch):
    """Closed in the midst of a run."""
    monkeypatch.setattr(cluster, "_fit_for", lambda *_: None)
    with (
        main_set_aside(),
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as found,
        pytest.raises(SokeError, match=r"Dask cluster at tcp.* gave up.*--backend local"),
    ):

        def stop(done, whole):
            found.close()

        project(full_deal(), draws=5_000, backend="dask", scheduler=found.scheduler_address, progress=stop)


@pytest.mark.parametrize("module, backend", [("joblib", "joblib"), ("distributed", "dask")])
def test_a_missing_engine_names_the_extra_and_the_local_one(project, monkeypatch, module, backend):
    monkeypatch.setitem(sys.modules, module, None)  # as where it is not installed
    with pytest.raises(SokeError, match=r"needs.*soke\[cluster\].*--backend local") as raised:
        project(full_deal(), draws=5, backend=backend)
    assert raised.value.code == "not-installed"


def test_a_scheduler_without_dask_is_refused(project):
    with pytest.raises(SokeError, match=r"'local' has no scheduler.*--backend dask"):
        project(full_deal(), draws=5, backend="local", scheduler="tcp://here:8786")


def test_a_temporary_folder_without_room_is_said_before_the_run(project, monkeypatch):
    monkeypatch.setattr(ensemble.shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    with pytest.raises(SokeError, match=r"1,000 draws need \d+ MB of scratch space.*has 1 MB.*TMPDIR"):
        project(full_deal(), draws=1_000)
