"""A mail server of the smallest kind: it takes what it is sent, or answers as told."""

import socketserver
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


@dataclass
class MailServer:
    """`answers` are used up in order in place of "250 OK" to the mail itself; `got` is (recipients, mail)."""

    answers: list[str] = field(default_factory=list)
    got: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> "MailServer":
        mails = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                recipients: list[str] = []
                self._say("220 here")
                while line := self.rfile.readline().decode().strip():
                    word = line[:4].upper()
                    if word == "RCPT":
                        recipients.append(line.partition("<")[2].partition(">")[0])
                    if word == "DATA":
                        self._say("354 go on")
                        mails._keep(recipients, self._data())
                        self._say(mails.answers.pop(0) if mails.answers else "250 OK")
                    elif word == "QUIT":
                        self._say("221 bye")
                        return
                    else:
                        self._say("250 OK")

            def _data(self) -> bytes:
                lines = []
                while (line := self.rfile.readline()) != b".\r\n":
                    lines.append(line)
                return b"".join(lines)

            def _say(self, text: str) -> None:
                self.wfile.write(f"{text}\r\n".encode())

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def _keep(self, recipients: list[str], data: bytes) -> None:
        mail: Any = message_from_bytes(data, policy=policy.default)
        self.got.append((recipients, mail))

    def __exit__(self, *args: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
