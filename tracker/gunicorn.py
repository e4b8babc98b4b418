"""How the server runs: ``python -m gunicorn --config tracker/gunicorn.py``.

Not set here, because the defaults are right: access log (none), error log (stderr),
``forwarded_allow_ips`` (this machine, or FORWARDED_ALLOW_IPS), ``preload_app`` (off).
"""

import os

_host, _port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
wsgi_app = "tracker.wsgi:application"

# Threads, because keep-alive needs them: an idle connection then holds no worker.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("THREADS", "4"))

keepalive = 65  # seconds: proxies keep a connection for 60, and must be the ones to close it
graceful_timeout = 20  # seconds for requests under way when the server is stopped

# The workers' heartbeat touches a file: in memory, so that a slow disk stalls no worker.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
control_socket_disable = True  # it would be written in the home directory
