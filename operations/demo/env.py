"""`python -m operations.demo.env FOLDER`: write the demo's settings, with secrets of its own. What is there already stays."""

import secrets
import sys
from pathlib import Path

from cryptography.fernet import Fernet


def write(folder: Path) -> Path:
    """Return the settings file in the folder, made if need be; only its owner can read it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "env"
    if not file.exists():
        lines = {
            "SECRET_KEY": secrets.token_urlsafe(60),
            "SNAPSHOTTER_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "SNAPSHOTTER_AUDIT_KEYS": secrets.token_urlsafe(32),
            "DATABASE_URL": f"sqlite:///{folder.resolve()}/demo.sqlite3",
            "SNAPSHOTTER_WORKER": "embedded",
            "SNAPSHOTTER_DEPLOYMENT_ID": f"demo-{secrets.token_hex(8)}",
            "HTTPS": "false",
            "STATIC_ROOT": f"{folder.resolve()}/static",
            "LOG_LEVEL": "WARNING",
        }
        file.touch(mode=0o600)
        file.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
    return file


if __name__ == "__main__":
    write(Path(sys.argv[1]))
