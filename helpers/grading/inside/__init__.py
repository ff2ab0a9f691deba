"""What runs inside the sandbox, before and around a student's code; the grader imports none of it.

`linux` asks the kernel for walls, `cell` furnishes the sandbox and guards its processes, `kernel` is the
Jupyter kernel, `start` starts one kernel and `zygote` forks many from one warm process.
"""
