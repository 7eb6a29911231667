"""What the demo says when its processes do not come up."""

from pathlib import Path

from vms.demo.processes import too_slow


def test_a_slow_machine_is_called_slow_and_what_to_do_is_said(tmp_path: Path) -> None:
    log = tmp_path / "serve.log"
    log.write_text("something else entirely\n")
    said = too_slow(log)
    assert "busy or slow" in said
    assert "--cameras 50" in said
    assert str(log) in said
    assert "something else" not in said
