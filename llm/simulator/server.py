"""The server that the simulator runs on; importing it installs an event loop."""

from daphne.server import Server

from llm.simulator.sending import RESET


class ResettingServer(Server):
    """Daphne, which can also reset a connection: ASGI has no word for that."""

    async def handle_reply(self, protocol, message) -> None:
        if message["type"] != RESET:
            await super().handle_reply(protocol, message)
        elif protocol.channel is not None:
            protocol.channel.transport.abortConnection()
