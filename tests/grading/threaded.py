"""A module that starts a thread when it is imported, as a preloaded one must not."""

import threading

threading.Thread(target=threading.Event().wait, daemon=True).start()
