"""A visitor without a browser: speaks Streamlit's websocket, counts the bytes and the time of a run of the script."""

import socket
import time
from dataclasses import dataclass, field

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

BIG = 10_000  # from here on Streamlit asks the browser to keep a message, and sends only its hash the next time

SHOWN = ("html", "heading", "plotly_chart", "alert", "markdown")


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of the script: how long, how many bytes of messages and on the wire, and the messages."""

    seconds: float
    size: int
    wire: int
    messages: list[ForwardMsg]

    def charts(self) -> list[str]:
        """The specifications of the charts on the page."""
        return [one.delta.new_element.plotly_chart.spec for one in self.messages if _kind(one) == "plotly_chart"]

    def selectboxes(self) -> dict[str, object]:
        """The select boxes by label."""
        boxes = [one.delta.new_element.selectbox for one in self.messages if _kind(one) == "selectbox"]
        return {box.label: box for box in boxes}

    def elements(self) -> list[bytes]:
        """Everything that is only shown, with its place on the page."""
        shown = [one for one in self.messages if _kind(one) in SHOWN]
        places = [bytes(one.metadata.delta_path) for one in shown]
        elements = [one.delta.new_element.SerializeToString(deterministic=True) for one in shown]
        return [place + element for place, element in zip(places, elements, strict=True)]

    def failed(self) -> bool:
        """Whether the page showed an error: Streamlit's, or our own calm sentence."""
        alerts = [one.delta.new_element.alert.format for one in self.messages if _kind(one) == "alert"]
        return Alert.ERROR in alerts or any(_kind(one) == "exception" for one in self.messages)

    def texts(self) -> str:
        """Everything that the page says in HTML."""
        return " ".join(one.delta.new_element.html.body for one in self.messages if _kind(one) == "html")


def _kind(message: ForwardMsg) -> str:
    is_element = message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element"
    return str(message.delta.new_element.WhichOneof("type")) if is_element else ""


class CountingSocket(socket.socket):
    """A socket that counts what comes in: the bytes on the wire, compressed as they are."""

    came = 0

    def recv(self, *arguments: int) -> bytes:
        """Read, and count."""
        read = super().recv(*arguments)
        self.came += len(read)
        return read


@dataclass(kw_only=True)
class Visitor:
    """One session on one page."""

    socket: ClientConnection
    wire: CountingSocket
    kept: dict[str, ForwardMsg] = field(default_factory=dict)
    page: str = ""
    query: str = ""
    hash: str = ""

    @classmethod
    def open(cls, address: str) -> "Visitor":
        """Connect to a server at 'http://127.0.0.1:8501'."""
        wire = CountingSocket(socket.AF_INET, socket.SOCK_STREAM)
        wire.connect(("127.0.0.1", int(address.rsplit(":", maxsplit=1)[1])))
        stream = f"ws{address.removeprefix('http')}/_stcore/stream"
        opened = connect(stream, sock=wire, origin=address, subprotocols=["streamlit"], max_size=None, legacy=True)
        return cls(socket=opened, wire=wire)

    def go(self, page: str, query: str = "") -> Run:
        """The first run of a page."""
        self.page, self.query, self.hash = page, query, ""
        return self.run({})

    def run(self, chosen: dict[str, str]) -> Run:
        """Run the script with these select boxes changed: words of the option by the id of the widget."""
        self.socket.send(self._ask(chosen).SerializeToString())
        start, before, size, messages = time.perf_counter(), self.wire.came, 0, list[ForwardMsg]()
        while True:
            raw = self.socket.recv(timeout=60)
            message = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
            size += len(raw)
            message = self._keep(message)
            messages.append(message)
            if message.WhichOneof("type") == "navigation":
                self.hash = message.navigation.page_script_hash
            if message.WhichOneof("type") == "script_finished":
                seconds = time.perf_counter() - start
                return Run(seconds=seconds, size=size, wire=self.wire.came - before, messages=messages)

    def _ask(self, chosen: dict[str, str]) -> BackMsg:
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string, state.page_name, state.page_script_hash = self.query, self.page, self.hash
        state.cached_message_hashes.extend(self.kept)
        for key, words in chosen.items():
            state.widget_states.widgets.add(id=key, string_value=words)
        return asked

    def _keep(self, message: ForwardMsg) -> ForwardMsg:
        if message.WhichOneof("type") == "ref_hash":
            return self.kept[message.ref_hash]
        if message.metadata.cacheable:
            self.kept[message.hash] = message
        return message
