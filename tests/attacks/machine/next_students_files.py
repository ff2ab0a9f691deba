"""Write files where the next student's kernel may look for modules and configuration."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import os, sys, site, helpers, numpy
written = []
places = ["/tmp", "/var/tmp", "/dev/shm", os.path.expanduser("~"), sys.prefix, *site.getsitepackages(),
          os.path.dirname(helpers.__file__), os.path.dirname(numpy.__file__), "/etc", "/usr/local", "/"]
for place in places:
    try:
        open(os.path.join(place, "@MARK@"), "w").close()
        written.append(place)
    except OSError:
        continue
open("numpy.py", "w").write("raise SystemExit")
os.makedirs(os.path.expanduser("~/.ipython/profile_default/startup"), exist_ok=True)
open(os.path.expanduser("~/.ipython/profile_default/startup/00.py"), "w").write("5")
print("written:", sorted(written))
""",
    shown="written: ",
)
