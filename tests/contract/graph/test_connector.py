"""An address of the older kind, an Incoming Webhook: it tells of throttling inside a 200."""

from datetime import timedelta
from pathlib import Path

from service.graph.clock import SandboxClock
from service.graph.gateway import Gateway
from service.ports import Delivery
from service.sandbox.process import Sandbox
from tests.contract.graph.conftest import settings
from tests.messages import message
from tests.sandbox import teams_worlds, worlds


async def test_429_inside_a_200(tmp_path: Path) -> None:
    """The fifth in a second was not posted, and waits; a moment later it is."""
    with Sandbox(seed=f"{teams_worlds.__file__}:flows", directory=tmp_path) as sandbox:
        lines = sandbox.env_file.read_text(encoding="utf-8").splitlines()
        [url] = [line.partition("=")[2] for line in lines if line.startswith("# CONNECTOR ")]
        clock = SandboxClock(sandbox.env["NATVERKET_CLOCK_URL"], ca_file=sandbox.ca_file)
        await clock.refresh()
        async with Gateway(settings(sandbox, worlds.DAEMON), clock) as gateway:
            connector = gateway.workflow(url)
            said = [await connector.post(message()) for _ in range(5)]
            assert [one.delivery for one in said] == [Delivery.QUEUED] * 4 + [Delivery.REFUSED]
            assert "429" in said[4].reason
            assert said[4].retry_at == clock.now() + timedelta(minutes=1)

            await clock.sleep(60)
            assert (await connector.post(message())).delivery is Delivery.QUEUED
        await clock.close()
