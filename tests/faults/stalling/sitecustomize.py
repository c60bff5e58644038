"""On the path of a server under test only: SIGUSR1 makes its event loop stand still for an hour."""

import signal
import time

signal.signal(signal.SIGUSR1, lambda *_: time.sleep(3600))
