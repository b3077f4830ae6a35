"""What a process tells Kubernetes of itself."""

from sentistream_core.operations_server import Health


def test_work_that_takes_too_long_makes_the_process_unready_until_it_is_done() -> None:
    health = Health()
    health.started()
    with health.within(0.0, "storing a batch"), health.within(3_600.0, "something slow"):
        assert health.why_not_ready() == "storing a batch has taken 0 s; see the log"
    assert health.why_not_ready() is None
