"""Runs a command on a terminal of its own, as told on stdin in JSON:
{"command": [...], "env": {...}, "steps": [{"wait": text, "send": text, "signal": name, "stop": true}]}
and prints what the terminal showed, the exit status, and whether it hides keys before and after.
"""
import json, os, pty, select, signal, subprocess, sys, termios, time, fcntl

told = json.load(sys.stdin)
master, slave = pty.openpty()


def hides():
    return not termios.tcgetattr(slave)[3] & termios.ECHO


def own_terminal():
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)


before = termios.tcgetattr(slave)
child = subprocess.Popen(
    told["command"], stdin=slave, stdout=slave, stderr=slave, env=told["env"],
    preexec_fn=own_terminal, close_fds=True,
)
shown = b""
during = []
deadline = time.monotonic() + 15


def read(seconds):
    global shown
    ready, _, _ = select.select([master], [], [], seconds)
    if ready:
        shown += os.read(master, 65536)
    return bool(ready)


for step in told["steps"]:
    while step["wait"].encode() not in shown and time.monotonic() < deadline and child.poll() is None:
        read(0.05)
    during.append(hides())
    if step.get("stop"):
        # As a shell does with what is stopped: the terminal is its own again.
        os.kill(child.pid, signal.SIGSTOP)
        termios.tcsetattr(slave, termios.TCSANOW, before)
        os.kill(child.pid, signal.SIGCONT)
        while not hides() and time.monotonic() < deadline:
            time.sleep(0.01)
        during.append(hides())
    for text in step.get("send", []):
        os.write(master, text.encode())
    if "signal" in step:
        # The kernel hands keys on in its own time; once the terminal is as it was, it shows them.
        time.sleep(0.2)
        os.kill(child.pid, getattr(signal, step["signal"]))
while child.poll() is None and time.monotonic() < deadline:
    read(0.05)
if child.poll() is None:
    child.kill()
code = child.wait()
while read(0):
    pass
restored = termios.tcgetattr(slave) == before
json.dump({"shown": shown.decode(), "code": code, "hidden": during, "restored": restored}, sys.stdout)
