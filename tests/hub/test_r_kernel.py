"""R as a second kernel: there where R is, absent where it is not, and sealed alike."""

import stat

import pytest
from jupyter_client.kernelspec import NoSuchKernel

from tests.hub.sealed import a_session, say, sealed_kernel
from tre.hub import r_language
from tre.hub.kernels import R_NAME, write_kernel
from tre.hub.r_language import find_r
from tre.hub.server.kernels import OnlySealedKernels

pytestmark = [pytest.mark.xdist_group("sealed kernel")]


@pytest.fixture(scope="module")
def kernel(sealable, tmp_path_factory):
    if find_r() is None:
        pytest.skip("R is not installed: apt-get install r-base-core r-cran-irkernel")
    folder = tmp_path_factory.mktemp("r")
    spec = a_session(folder / "home")
    (spec.workspace / ".Rprofile").write_text("colleague <- TRUE")
    with sealed_kernel(spec, folder / "session", R_NAME) as client:
        yield client


@pytest.mark.sealed
def test_r_computes_in_the_workspace_and_reads_the_extract(kernel):
    assert say(kernel, "cat(getwd(), mean(c(41, 43)))") == "/workspace 42"
    assert say(kernel, "cat(readLines('/data/linked.parquet', warn = FALSE))") == "an extract"
    assert "Read-only file system" in say(kernel, "file.create('/data/new')")


@pytest.mark.sealed
def test_r_is_sealed_as_python_is(kernel):
    status = say(kernel, "cat(readLines('/proc/self/status'), sep = '\\n')")
    for line in ("CapEff:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2"):
        assert line in status
    refused = say(kernel, "readLines(url('http://192.0.2.1/'))")
    assert "cannot open the connection" in refused
    assert "cannot open the connection" in say(kernel, "socketConnection('127.0.0.1', 22)")
    pids = say(kernel, "cat(grep('^[0-9]+$', list.files('/proc'), value = TRUE))")
    assert len(pids.split()) <= 3
    assert "TOKEN" not in say(kernel, "cat(names(Sys.getenv()))")


@pytest.mark.sealed
def test_rs_limits_hold(kernel):
    assert "cannot allocate" in say(kernel, "x <- numeric(1e9)")
    limits = say(kernel, "cat(system('ulimit -Hn; ulimit -Hf', intern = TRUE))")
    assert limits.split()[0] == "1024"


@pytest.mark.sealed
def test_a_colleagues_profile_does_not_run(kernel):
    assert say(kernel, "cat('.Rprofile' %in% list.files('/workspace', all.files = TRUE))") == "TRUE"
    assert say(kernel, "cat(exists('colleague'))") == "FALSE"


@pytest.mark.sealed
def test_r_is_interrupted_and_goes_on(sealable, tmp_path):
    if find_r() is None:
        pytest.skip("R is not installed: apt-get install r-base-core r-cran-irkernel")
    spec = a_session(tmp_path / "home")
    with sealed_kernel(spec, tmp_path / "session", R_NAME) as client:
        asleep = "cat('asleep'); flush(stdout()); Sys.sleep(60)"
        number = client.execute(asleep, stop_on_error=False)
        while client.get_iopub_msg(timeout=90)["msg_type"] != "stream":
            pass
        client.parent.interrupt_kernel()
        while (message := client.get_iopub_msg(timeout=90))["msg_type"] != "status":
            pass
        assert message["content"]["execution_state"] == "idle"
        assert message["parent_header"]["msg_id"] == number
        while client.get_shell_msg(timeout=90)["parent_header"]["msg_id"] != number:
            pass
        assert "42" in say(client, "cat(42)")


def test_without_r_there_is_no_such_kernel(tmp_path):
    write_kernel(tmp_path / "kernels", tmp_path / "session.json")
    kernels = OnlySealedKernels(folder=str(tmp_path / "kernels"))
    assert list(kernels.find_kernel_specs()) == ["python3"]
    with pytest.raises(NoSuchKernel):
        kernels.get_kernel_spec("ir")


def test_with_r_it_is_offered_by_its_name(tmp_path):
    write_kernel(tmp_path / "kernels", tmp_path / "session.json", with_r=True)
    kernels = OnlySealedKernels(folder=str(tmp_path / "kernels"))
    assert kernels.get_kernel_spec("ir").display_name == "R (sealed)"


def test_an_unknown_kernel_and_one_without_a_seal_are_refused(tmp_path):
    write_kernel(tmp_path / "kernels", tmp_path / "session.json")
    (tmp_path / "kernels" / "plain").mkdir()
    (tmp_path / "kernels" / "plain" / "kernel.json").write_text(
        '{"argv": ["python"], "display_name": "Python", "language": "python", "metadata": {}}'
    )
    kernels = OnlySealedKernels(folder=str(tmp_path / "kernels"))
    for name in ("plain", "julia", "../../etc"):
        with pytest.raises(NoSuchKernel):
            kernels.get_kernel_spec(name)


def fake_r(folder, home):
    folder.mkdir(parents=True)
    program = folder / "R"
    program.write_text(f"#!/bin/sh\necho {home}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def test_r_in_a_place_of_its_own_brings_its_folders(tmp_path, monkeypatch):
    home = tmp_path / "opt" / "lib" / "R"
    (home / "library" / "IRkernel").mkdir(parents=True)
    (home / "library" / "IRkernel" / "DESCRIPTION").touch()
    program = fake_r(tmp_path / "opt" / "bin", home)
    monkeypatch.setattr(r_language, "_PLACES", (str(program.parent),))
    found = find_r()
    assert found is not None
    assert found.program == program
    assert home in found.folders
    assert program.parent in found.folders


def test_r_without_its_kernel_or_that_does_not_answer_is_no_r(tmp_path, monkeypatch):
    (tmp_path / "home").mkdir()
    bare = fake_r(tmp_path / "bare", tmp_path / "home")
    lost = fake_r(tmp_path / "lost", "nowhere")
    monkeypatch.setattr(r_language, "_MORE_LIBRARIES", ())
    for program in (bare, lost):
        monkeypatch.setattr(r_language, "_PLACES", (str(program.parent),))
        assert find_r() is None
